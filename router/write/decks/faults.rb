# --- faults, as markers ---------------------------------------------------------------------------------------------

def judge(path, terminals, keepouts)
  @database = RBA::ReportDatabase::new('Layout against netlist')
  @cell = @database.create_cell(@top)
  @box_of, @categories = {}, {}
  device_of = devices
  @net_of = terminals.to_h { |terminal| [terminal, reached(device_of[terminal])] }
  found = @net_of.values.compact.uniq(&:cluster_id)
  @names = Hash.new { |names, number| names[number] = [] }
  @net_of.each { |terminal, net| @names[net.cluster_id] |= [terminal.net] if net && terminal.net }
  @labelled = labelled
  terminals.select(&:net).group_by(&:net).each { |name, ends| judge_net(name, ends) }
  found.each { |net| judge_short(net) }
  found.each { |net| judge_labels(net) }
  judge_floating(found.map(&:cluster_id))
  judge_pads(terminals)
  keepouts.each { |keepout| judge_keepout(keepout) }
  @database.save(path) if path
  @database.num_items
end

# The net of a terminal, or nil where it lies on no metal.
def reached(device)
  net = device.net_for_terminal(0)
  net unless box_of(net).empty?
end

# Around all metal and cuts of a net.
def box_of(net)
  @box_of[net.cluster_id] ||= conducting.map { |name| l2n_data.shapes_of_net(net, @parts[name].data, true).bbox }.reduce(:+)
end

# For each text the numbers of the nets it lies on. The extractor also finds a net where there is but a cut that joins the
# mask elsewhere.
def labelled
  found = Hash.new { |texts, text| texts[text] = [] }
  conducting.each do |name|
    at = ->(label) { spot(label.x, label.y) }
    spots = RBA::Region::new
    spots.merged_semantics = false
    @labels[name].data.each { |label| spots.insert(at[label]) }
    covered = spots.interacting(@masks[name].data).each.to_h { |polygon| [polygon.bbox.to_s, true] }
    @labels[name].data.each do |label|
      next unless covered[at[label].to_s]
      net = l2n_data.probe_net(@parts[name].data, RBA::Point::new(label.x, label.y))
      found[label.string] |= [net.cluster_id] if net
    end
  end
  found
end

def judge_net(name, terminals)
  bare, good = terminals.partition { |terminal| @net_of[terminal].nil? }
  bare.each { |terminal| report_fault('unreached', [name], [terminal], around_all([terminal])) }
  ends = good.group_by { |terminal| terminal.joined > 0 ? terminal.joined : terminal }.values
  pieces = ends.reduce([]) { |found, one| with_end(found, one) }
  heads = pieces.map(&:last)
  if pieces.size > 1
    report_fault('open', [name], heads, around_all(heads))
  elsif count_ends(terminals) > 1 && bare.empty? && (@labelled[name] & pieces[0][0]).empty?
    report_fault('missing_label', [name], heads, around_all(heads))
  end
end

# Pieces are the nets they consist of and their first terminal; terminals of one end join what they reach.
def with_end(pieces, terminals)
  nets = terminals.map { |terminal| @net_of[terminal].cluster_id }.uniq
  met, rest = pieces.partition { |piece, _| !(piece & nets).empty? }
  head = met.empty? ? terminals[0] : met[0][1]
  rest + [[nets | met.flat_map(&:first), head]]
end

def count_ends(terminals)
  terminals.map { |terminal| terminal.joined > 0 ? terminal.joined : terminal }.uniq.size
end

def judge_short(net)
  names = @names[net.cluster_id]
  guests = @net_of.select { |terminal, other| terminal.net.nil? && other&.cluster_id == net.cluster_id }.keys
  report_fault('short', names, guests, box_of(net)) if names.size > 1 || (names.any? && guests.any?)
end

# Texts on metal of nets, none of which has that name.
def judge_labels(net)
  names = @names[net.cluster_id]
  return if names.empty?
  (texts_on(net) - names).each { |text| report_fault('wrong_label', [text, *names], [], box_of(net)) }
end

def judge_floating(reached)
  netlist.circuit_by_name(@top)&.each_net do |net|
    next if reached.include?(net.cluster_id)
    metal = @levels.any? { |name| !l2n_data.shapes_of_net(net, @parts[name].data, true).is_empty? }
    report_fault('floating', texts_on(net), [], box_of(net)) if metal
  end
end

def texts_on(net)
  @labelled.select { |_, numbers| numbers.include?(net.cluster_id) }.keys
end

# Places in a centred shape: its centre, its extremes along the axes, and its corners, of what is round those at 45°.
def tested(shape, width, height)
  x, y = width / 2 - @inside, height / 2 - @inside
  cut = shape == :rect ? 0 : ([width, height].min / 2.0 * (1 - Math.sqrt(0.5))).ceil
  [[0, 0], [x, 0], [-x, 0], [0, y], [0, -y]] + [-1, 1].product([-1, 1]).map { |sx, sy| [sx * (x - cut), sy * (y - cut)] }
end

# Every terminal has the shapes of its style where it lies.
def judge_pads(terminals)
  @masks.each do |name, layer|
    places = Hash.new { |spots, place| spots[place] = [] }
    terminals.each do |terminal|
      @pads[terminal.style].each do |mask_name, shape, width, height|
        next unless mask_name == name
        width, height = height, width if terminal.turned
        tested(shape, width, height).each { |dx, dy| places[[terminal.x + dx, terminal.y + dy]] |= [terminal] }
      end
    end
    spots = RBA::Region::new
    spots.merged_semantics = false
    places.each_key { |x, y| spots.insert(RBA::Box::new(x, y, x + 1, y + 1)) }
    bare = spots.not_inside(layer.data).each.flat_map { |polygon| places[[polygon.bbox.left, polygon.bbox.bottom]] }
    bare.uniq.each { |terminal| report_fault('missing_pad', [], ["#{terminal.id} on #{name}"], around_all([terminal])) }
  end
end

# Metal of a net, or with a label, inside a keep-out.
def judge_keepout(keepout)
  @masks[keepout.level].data.interacting(keepout.region).each do |polygon|
    corner = polygon.point_hull(0)
    net = l2n_data.probe_net(@parts[keepout.level].data, corner)
    next unless net && (@names[net.cluster_id].any? || texts_on(net).any?)
    (RBA::Region::new(polygon) & keepout.region).merged.with_area(2, nil, false).each do |inside|
      report_fault("KEEPOUT.#{keepout.name}", @names[net.cluster_id], [], inside.bbox)
    end
  end
end

def around_all(terminals)
  terminals.map { |terminal| spot(terminal.x, terminal.y) }.reduce(:+)
end

def report_fault(kind, nets, terminals, box)
  category = @categories[kind] ||= @database.create_category(kind)
  item = @database.create_item(@cell.rdb_id, category.rdb_id)
  item.add_value(RBA::RdbItemValue::new(box.to_dtype(0.001)))
  item.add_value("nets: #{nets.sort.join(', ')}")
  item.add_value("terminals: #{terminals.map { |terminal| terminal.is_a?(String) ? terminal : terminal.id }.join(', ')}")
end
