# Layout against netlist. All lengths in here are nm; a mask is known by its name.
#
# The netlist lists the terminals of the package: where each lies, on which level, and on which net it has to be. At each
# of these places a device is put on whatever metal lies there. What the extractor then joins is compared with
# the netlist in two ways: by KLayout's netlist comparer (the report), and fault by fault (the markers).

Terminal = Struct.new(:id, :net, :style, :level, :x, :y, :turned, :joined) unless defined?(Terminal)
Keepout = Struct.new(:name, :level, :region) unless defined?(Keepout)

@masks, @parts, @labels, @roles, @levels, @vias = {}, {}, {}, {}, [], []
@pads = Hash.new { |pads, style| pads[style] = [] }
# Places of a pad are tried this far inside its outline.
@inside = 5

def mask(name, layer, datatype, role, text_datatype)
  @masks[name] = input(layer, datatype).merged
  @labels[name] = labels(layer, text_datatype)
  @roles[name] = role
end

def level(name)
  @levels << name
end

def via(name, lower, upper)
  @vias << [name, lower, upper]
end

# A shape that every pad of a style has on a mask.
def pad(style, mask_name, shape, width, height)
  @pads[style] << [mask_name, shape, width, height]
end

# --- the netlist ----------------------------------------------------------------------------------------------------

# X<terminal> <net> PAD/<style> L=<level from the die, from 1> X=<µm> Y=<µm> R=<1: turned> E=<terminals of one number
# are joined outside the package, 0: with none, -1: this one has no net>
def read_terminals(path)
  File.foreach(path, encoding: 'utf-8').select { |line| line.start_with?('X') }.map do |line|
    name, net, style, *figures = line.split
    figures = figures.to_h { |figure| figure.split('=') }
    joined = figures['E'].to_i
    Terminal.new(plain(name[1..]), joined < 0 ? nil : plain(net), plain(style.sub('PAD/', '')), figures['L'].to_i - 1,
                 nm(figures['X']), nm(figures['Y']), figures['R'] == '1', joined)
  end
end

# *.KEEPOUT <name> <level from the die, from 1> <µm>,<µm> …
def read_keepouts(path)
  File.foreach(path, encoding: 'utf-8').select { |line| line.start_with?('*.KEEPOUT ') }.map do |line|
    _, name, number, *corners = line.split
    points = corners.map { |corner| RBA::Point::new(*corner.split(',').map { |um| nm(um) }) }
    Keepout.new(plain(name), @levels[number.to_i - 1], RBA::Region::new(RBA::Polygon::new(points)))
  end
end

def plain(text)
  text.gsub(/\\x(\h\h)/) { $1.hex.chr }
end

def nm(um)
  (um.to_f * 1000).round
end

def schematic_of(terminals, top)
  circuit = RBA::Circuit::new
  circuit.name = top
  list = RBA::Netlist::new
  list.add(circuit)
  types = @levels.map { |name| terminal_class(name).tap { |type| list.add(type) } }
  by_name = Hash.new { |nets, name| nets[name] = circuit.create_net(name) }
  package = circuit.create_net('PACKAGE')
  terminals.uniq { |terminal| place_of(terminal) }.each do |terminal|
    device = circuit.create_device(types[terminal.level], terminal.id)
    place(device, terminal.x, terminal.y)
    device.connect_terminal(0, terminal.net ? by_name[terminal.net] : circuit.create_net)
    device.connect_terminal(1, package)
  end
  list
end

# A device known by its level and place. Its second pin is on a net of its own kind, common to all: the comparer knows no
# devices of one pin.
def terminal_class(level)
  type = RBA::DeviceClass::new
  type.name = "TERMINAL/#{level}"
  %w[P PACKAGE].each { |name| type.add_terminal(RBA::DeviceTerminalDefinition::new(name, '')) }
  %w[X Y].each { |name| type.add_parameter(RBA::DeviceParameterDefinition::new(name, '', 0.0, true, 1.0)) }
  type
end

def place(device, x, y)
  device.set_parameter(0, x)
  device.set_parameter(1, y)
end

def place_of(terminal)
  [terminal.level, terminal.x, terminal.y]
end

# A device on every mark of a level. The extractor sees each kind of mark once; where they lie, the netlist tells.
class TerminalExtractor < RBA::GenericDeviceExtractor
  def initialize(type)
    super()
    self.name = type.name
    @type = type
  end

  def setup
    define_layer('M', 'mark')
    define_layer('B', 'second pin')
    register_device_class(@type)
  end

  def get_connectivity(_layout, layers)
    RBA::Connectivity::new.tap { |connectivity| connectivity.connect(layers[0], layers[0]) }
  end

  def extract_devices(layers)
    layers[0].each do |mark|
      device = create_device
      2.times { |pin| define_terminal(device, pin, pin, mark) }
    end
  end
end

# --- extraction -----------------------------------------------------------------------------------------------------

def conducting
  @masks.keys.select { |name| %i[metal cut].include?(@roles[name]) }
end

# The same area, its large polygons in parts that share edges: the extractor compares each with all that its box holds.
def in_parts(layer)
  parts = layer.data.dup
  parts.break(200, 0)
  parts.merged_semantics = false
  DRC::DRCLayer::new(self, parts)
end

def extract(terminals)
  conducting.each do |name|
    @parts[name] = in_parts(@masks[name])
    connect(@parts[name], @parts[name])
    connect(@parts[name], @labels[name])
  end
  @vias.each { |name, *metals| metals.each { |metal| connect(@parts[name], @parts[metal]) } }
  terminals.group_by(&:level).each do |number, here|
    marks = RBA::Region::new
    here.each { |terminal| marks.insert(spot(terminal.x, terminal.y)) }
    marks, backs = [marks.merged, marks.merged].map { |region| DRC::DRCLayer::new(self, region) }
    extract_devices(TerminalExtractor.new(terminal_class(@levels[number])), { 'M' => marks, 'B' => backs })
    connect(marks, @parts[@levels[number]])
    connect_global(backs, 'PACKAGE')
  end
  extracted_devices.each do |device|
    corner = device.trans.disp
    place(device, nm(corner.x) + 1, nm(corner.y) + 1)
  end
end

def spot(x, y)
  RBA::Box::new(x - 1, y - 1, x + 1, y + 1)
end

# The extractor makes no circuit of a layout without metal.
def extracted_devices
  netlist.circuit_by_name(@top)&.each_device.to_a
end

# The extracted device of each terminal.
def devices
  by_place = extracted_devices.to_h do |device|
    [[@levels.index(device.device_class.name.sub('TERMINAL/', '')), device.parameter(0).round, device.parameter(1).round], device]
  end
  ->(terminal) { by_place[place_of(terminal)] }
end

# What the terminals of one end join outside the package is one net for the comparer.
def join_outside(terminals)
  circuit, device_of = netlist.circuit_by_name(@top), devices
  terminals.select { |terminal| terminal.joined > 0 }.group_by(&:joined).each_value do |ends|
    ends.each_cons(2) do |pair|
      nets = pair.map { |terminal| device_of[terminal].net_for_terminal(0) }
      circuit.join_nets(*nets) if nets[0].cluster_id != nets[1].cluster_id
    end
  end
end
