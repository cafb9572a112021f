# How the kinds of rule are checked. A mask is known by its name. All lengths in here are nm, but coordinates are of a grid
# this much finer, as the engine rounds the corners of merged polygons, the ends of edges and the distances it compares.
# Layouts that reach so far out that there is no room for that are checked on their own grid.
require_layout
extreme = source.cell_obj.bbox.then { |box| [box.left, box.bottom, box.right, box.top].map(&:abs).max }
@grain = extreme <= 100_000_000 ? 10 : 1

# Edges whose directions enclose this many degrees or more do not face each other: right angles whose corners were
# rounded to the grid are none.
@ignored_angle = 80
# A slanted edge may come nearer by 1 nm, as both its ends lie on the grid; by a little more, so that it is not for rounding
# to decide. Straight edges are exact.
@slack = 1.1 * @grain
# Parts of slanted edges shorter than this face others through the rounding of corners alone, but for those of edges that
# are no longer: steps of the grid.
@short = 1.2 * @grain
# What the engine says of a distance is this exact.
@noise = 2
# An end of a way goes on round a corner that turns inwards by at most this, as those of an octagon do, their vertices being
# on the grid.
@most_turn = 47.0
# Across slanted edges a shape may be narrower by this, and wider by twice as much.
@size_slack = 2.0 * @grain
# A vertex on the grid turns its edges by up to this over their length.
@corner_shift = 1.5 * @grain
# Slanted sides are rounded by less than this when metal shrinks and grows; runs seem longer by as much at both ends.
@rounded = 4
# Edges are cut to this length before they are compared, as boxes of long diagonals cover the whole package.
@piece = 50_000 * @grain

# Polygons are checked in tiles of this size. Their surroundings go this much farther than a rule reaches: what cutting them
# off makes of edges faces none that reaches into the tile.
@tile, @beyond = 500_000 * @grain, 1 * @grain

@masks, @roles, @pieces = {}, {}, {}

def mask(name, layer, datatype, role)
  @masks[name] = input(layer, datatype).data.transformed(RBA::ICplxTrans::new(@grain)).merged
  @roles[name] = role
end

# --- kinds of rule --------------------------------------------------------------------------------------------------

# Edges right opposite each other, and on metal all facing edges but chords of roundings: ways that get shorter as one of
# their ends goes on along the boundary. So round shapes as wide as the rule pass.
def check_width(rule, name, value)
  region, distance, metal = @masks[name], value * @grain, @roles[name] == :metal
  check = ->(metrics) { region.width_check(distance, false, metrics, @ignored_angle, nil, nil) }
  near = check.call(metal ? RBA::Region::Euclidian : RBA::Region::Projection)
  wrong = RBA::EdgePairs::new
  if metal && !near.is_empty?
    wrong = facing(without_chords(near, region), distance, region)
    near = check.call(RBA::Region::Projection)
  end
  mark(rule, wrong + facing(near, distance, region))
end

def check_space(rule, name, value)
  distance = value * @grain
  near = pieces(name).space_check(distance, false, RBA::Edges::Euclidian, @ignored_angle, nil, nil)
  found = tile_by_tile(suspicious(near, distance), distance, @masks[name]) do |region|
    region.space_check(distance, false, RBA::Region::Euclidian, @ignored_angle, nil, nil)
  end
  mark(rule, facing(found, distance, @masks[name]))
  mark(rule, touching_corners(@masks[name]))
end

def check_separation(rule, a, b, value)
  mark(rule, apart(a, b, value))
  mark(rule, value > 0 ? @masks[a].interacting(@masks[b]) : areal(@masks[a] & @masks[b]))
end

def check_stacking(rule, a, b, value)
  mark(rule, apart(a, b, value))
  mark(rule, @masks[a].interacting(@masks[b]))
end

def check_enclosure(rule, inner, outer, value)
  if value > 0
    distance = value * @grain
    near = pieces(outer).enclosing_check(pieces(inner), distance, false, RBA::Edges::Euclidian, @ignored_angle, nil, nil)
    found = tile_by_tile(suspicious(near, distance), distance, @masks[inner], @masks[outer]) do |inside, outside|
      outside.enclosing_check(inside, distance, false, RBA::Region::Euclidian, @ignored_angle, nil, nil)
    end
    mark(rule, facing(found, distance, @masks[inner], @masks[outer]))
  end
  lost = (@masks[inner] - @masks[outer]).merged
  mark(rule, value > 0 ? lost : areal(lost))
end

# Gaps beside metal wider than `width` where both run along each other for more than `run`. The sides of wide metal are
# those of all metal, on the outline of what is left when that shrinks and grows: slanted sides of that are in pieces, as
# their ends are rounded each time.
def check_wide_space(rule, name, value, width, run)
  metal = @masks[name]
  width, run = width * @grain, run * @grain
  sides = RBA::Edges::new
  metal.each do |polygon|
    next unless polygon.each_edge.any? { |edge| may_be_wide(polygon, edge, width, run) }
    whole = RBA::Region::new(polygon)
    wide = whole.sized(-width / 2, 4).sized(width / 2, 4) & whole
    sides += whole.edges.inside_part(wide.sized(@rounded))
  end
  sides, others = [sides, metal.edges].map do |edges|
    edges.merged_semantics = false
    edges.with_length(run, nil, false)
  end
  distance, longer = value * @grain, run + 2 * @rounded + 1
  found = sides.separation_check(others, distance, false, RBA::Edges::Projection, @ignored_angle, longer, nil)
  open = RBA::EdgePairs::new
  suspicious(found, distance).each { |pair| open.insert(pair) if open?(pair, metal) }
  mark(rule, facing(open, distance, sides, others))
end

# Every shape measures `value` across: exactly along x and y, nearly so across slanted edges, and has neither a bite nor a
# hole in it.
def check_size(rule, name, value)
  value *= @grain
  known = {}
  wrong = RBA::Region::new
  @masks[name].each do |polygon|
    box = polygon.bbox
    form = polygon.moved(-box.left, -box.bottom)
    least, most, bite = (known[form.to_s] ||= across(form))
    exact = box.width == value && box.height == value
    whole = least >= value - @size_slack && most <= value + 2 * @size_slack && bite <= @size_slack
    wrong.insert(box) unless exact && whole
  end
  mark(rule, wrong)
end

def check_area(rule, name, value)
  mark(rule, @masks[name].with_area(nil, (value * @grain**2).ceil, false))
end

# Centres of boxes lie on halves of a nm, so everything is doubled here.
def check_pitch(rule, name, value)
  value *= @grain
  centres = RBA::Shapes::new
  close = RBA::Edges::new
  close.merged_semantics = false
  @masks[name].each do |polygon|
    box = polygon.bbox
    x, y, reach = box.left + box.right, box.bottom + box.top, 2 * value
    centres.each_touching(RBA::Box::new(x - reach, y - reach, x + reach, y + reach)) do |shape|
      other = shape.box.p1
      next unless Math.hypot(other.x - x, other.y - y) / 2 < value - 1e-3
      close.insert(RBA::Edge::new(x / 2, y / 2, other.x / 2, other.y / 2))
    end
    centres.insert(RBA::Box::new(x, y, x, y))
  end
  mark(rule, close)
end

# Centres of a's shapes keep away from the edges of b; where b is the outline, they lie inside it as well.
def check_centre_separation(rule, a, b, value)
  value *= @grain
  edges = RBA::Shapes::new
  @masks[b].edges.each { |edge| edges.insert(edge) }
  wrong = RBA::Region::new
  @masks[a].each do |polygon|
    box = polygon.bbox
    x, y = (box.left + box.right) / 2.0, (box.bottom + box.top) / 2.0
    at = RBA::Point::new(x.round, y.round)
    near = edges.each_touching(RBA::Box::new(at, at).enlarged(value + 1, value + 1)).any? do |shape|
      distance_to(shape.edge, x, y) < value - 1e-3
    end
    outside = @roles[b] == :outline && @masks[b].each.none? { |shape| shape.inside?(at) }
    wrong.insert(RBA::Box::new(at, at).enlarged(@grain, @grain)) if near || outside
  end
  mark(rule, wrong)
end

def check_extent_min(rule, name, width, height)
  extent(rule, name) { |box| box.width < width * @grain || box.height < height * @grain }
end

def check_extent_max(rule, name, width, height)
  extent(rule, name) { |box| box.width > width * @grain || box.height > height * @grain }
end

# Corners sharper than `value` degrees, of a shape or of a notch in it.
def check_angle(rule, name, value)
  sharp = RBA::Region::new
  [[180 - value, 180], [-180, value - 180]].each do |low, high|
    @masks[name].corners_edge_pairs(low, high, true, true).each do |corner|
      into, out = corner.first, corner.second
      lengths = [into, out].map { |edge| Math.hypot(edge.dx, edge.dy) }
      cosine = -(into.dx * out.dx + into.dy * out.dy) / (lengths[0] * lengths[1])
      slanted = [into, out].any? { |edge| edge.dx != 0 && edge.dy != 0 }
      tolerance = slanted ? degrees(@corner_shift / lengths[0] + @corner_shift / lengths[1]) : 1e-6
      found = degrees(Math.acos([[cosine, 1.0].min, -1.0].max))
      sharp.insert(RBA::Box::new(into.p2, into.p2).enlarged(@grain, @grain)) if found < value - tolerance
    end
  end
  mark(rule, sharp)
end

# Metal share in windows half a window apart inside the outline; the last of a row ends at the outline.
def check_density(rule, name, window, minimum, maximum, outline)
  window *= @grain
  shapes = RBA::Shapes::new
  shapes.insert(@masks[name])
  area = @masks[outline].bbox
  wrong = RBA::Region::new
  wrong.merged_semantics = false
  windows(area.left, area.right, window).product(windows(area.bottom, area.top, window)).each do |x, y|
    box = RBA::Box::new(x[0], y[0], x[1], y[1])
    here = RBA::Region::new
    here.merged_semantics = false
    shapes.each_touching(box) { |shape| here.insert(shape.polygon) }
    share = here.area(box).to_f / box.area
    wrong.insert(box) unless share.between?(minimum - 1e-9, maximum + 1e-9)
  end
  mark(rule, wrong)
end

# --- how they do it -------------------------------------------------------------------------------------------------

def mark(rule, found)
  @marks = @marks.to_i + found.count
  DRC::DRCLayer::new(self, found.transformed(RBA::ICplxTrans::new(1.0 / @grain))).output(rule, @descriptions[rule])
end

# Straight pairs nearer than `distance`, slanted ones nearer than that less the slack; `sides` have the edges that the pairs
# are parts of.
def facing(found, distance, *sides)
  edges = nil
  whole = -> { edges ||= edges_of(sides) }
  limit = distance - @slack
  suspicious(found, distance).each.with_object(RBA::EdgePairs::new) do |pair, counting|
    unless straight?(pair) && (gap(pair.first, pair.second) < limit || straight_sides?(pair, whole.call))
      next if [pair.first, pair.second].any? { |part| part.length < @short && short?(part, whole) }
      least = gap(pair.first, pair.second)
      if (least - limit).abs <= @noise
        least = gap(on_side(pair.first, whole.call), on_side(pair.second, whole.call))
      end
      next if least >= limit
    end
    counting.insert(pair)
  end
end

# Whether the edges that a pair is a part of run along x or y. Beside an end of theirs, those that are out of line by little
# do so to the grid.
def straight_sides?(pair, sides)
  [pair.first, pair.second].map { |part| side_of(part, sides) }.all? { |side| side.dx == 0 || side.dy == 0 }
end

# Whether a part of an edge is so short that it tells nothing.
def short?(part, whole)
  side = side_of(part, whole.call)
  off_grid = [side.x1, side.y1, side.x2, side.y2].any? { |place| place % @grain != 0 }
  off_grid || side.length >= @short
end

# Places where two corners meet. Where no sides of theirs lie on one line, none faces another; what touches in a corner is
# one polygon of a merged region. Off the grid of the file, corners may have been rounded to one place.
def touching_corners(region)
  region.each.with_object(RBA::Region::new) do |polygon, found|
    places = polygon.each_edge.map { |edge| [edge.x1, edge.y1] }.tally
    places.select { |(x, y), count| count > 1 && x % @grain == 0 && y % @grain == 0 }.each_key do |x, y|
      found.insert(RBA::Box::new(x - @grain, y - @grain, x + @grain, y + @grain))
    end
  end
end

# Pairs of edges of a region, but for those whose shortest way is a chord of a rounding.
def without_chords(found, region)
  sides, beside = RBA::Shapes::new, {}
  region.interacting(found.extents(1)).each do |polygon|
    (0..polygon.holes).each do |contour|
      edges = polygon.each_edge(contour).to_a
      edges.each_with_index do |edge, k|
        sides.insert(edge)
        beside[edge] = [edges[k - 1], edges[k + 1 - edges.size]]
      end
    end
  end
  found.each.with_object(RBA::EdgePairs::new) do |pair, apart|
    one, other = [pair.first, pair.second].map { |part| side_of(part, sides) }
    here, there = shortest_way(one, other)
    chord = goes_on?(one, beside[one], here, there) || goes_on?(other, beside[other], there, here)
    apart.insert(pair) unless chord
  end
end

# From one edge to another.
def shortest_way(one, other)
  ways = [one.p1, one.p2].map { |place| [place, foot(other, place)] }
  ways += [other.p1, other.p2].map { |place| [foot(one, place), place] }
  ways.min_by { |here, there| Math.hypot(there.x - here.x, there.y - here.y) }
end

# The place on an edge that is nearest to another.
def foot(edge, place)
  share = share_of(edge, place.x, place.y)
  RBA::DPoint::new(edge.x1 + share * edge.dx, edge.y1 + share * edge.dy)
end

# Whether a place is an end of an edge, and the way from it to another gets shorter round the corner.
def goes_on?(edge, (before, after), here, there)
  towards = ->(side) { side.dx * (there.x - here.x) + side.dy * (there.y - here.y) }
  at = ->(corner) { corner.x == here.x && corner.y == here.y }
  return towards.call(before) < 0 if at.call(edge.p1) && round?(before, edge)
  at.call(edge.p2) && round?(edge, after) && towards.call(after) > 0
end

# Whether two edges, with the inside on their right, meet in a corner of a rounding.
def round?(before, after)
  cross, dot = before.dx * after.dy - before.dy * after.dx, before.dx * after.dx + before.dy * after.dy
  degrees(Math.atan2(-cross, dot)) <= @most_turn
end

# The pairs that can count. By projection the engine may find slanted ones that are farther apart.
def suspicious(found, distance)
  limit = distance - @slack + @noise
  found.each.with_object(RBA::EdgePairs::new) do |pair, near|
    near.insert(pair) if straight?(pair) || gap(pair.first, pair.second) <= limit
  end
end

# True along x or y, on the grid of the file; short parts of slanted edges may look straight.
def straight?(pair)
  [pair.first, pair.second].all? do |edge|
    (edge.dx == 0 && edge.dy != 0 && edge.x1 % @grain == 0) || (edge.dy == 0 && edge.dx != 0 && edge.y1 % @grain == 0)
  end
end

def edges_of(sides)
  sides.each_with_object(RBA::Shapes::new) { |side, shapes| shapes.insert(side.is_a?(RBA::Region) ? side.edges : side) }
end

# The part before its ends were rounded to the grid: on the side that it belongs to.
def on_side(part, sides)
  side = side_of(part, sides)
  places = [part.p1, part.p2].map do |point|
    share = share_of(side, point.x, point.y)
    RBA::DPoint::new(side.x1 + share * side.dx, side.y1 + share * side.dy)
  end
  RBA::DEdge::new(*places)
end

# The edge that a part belongs to, whose ends were rounded to the grid.
def side_of(part, sides)
  near = sides.each_touching(part.bbox.enlarged(1, 1)).map(&:edge)
  near.min_by { |edge| [part.p1, part.p2].map { |point| distance_to(edge, point.x, point.y) }.max }
end

# The least distance of two edges that do not cross.
def gap(one, other)
  [[one, other], [other, one]].flat_map { |edge, from|
    [from.p1, from.p2].map { |point| distance_to(edge, point.x, point.y) }
  }.min
end

def apart(a, b, value)
  return RBA::EdgePairs::new unless value > 0
  distance = value * @grain
  near = pieces(a).separation_check(pieces(b), distance, false, RBA::Edges::Euclidian, @ignored_angle, nil, nil)
  found = tile_by_tile(suspicious(near, distance), distance, @masks[a], @masks[b]) do |one, other|
    one.separation_check(other, distance, false, RBA::Region::Euclidian, @ignored_angle, nil, nil)
  end
  facing(found, distance, @masks[a], @masks[b])
end

# The boundary of a mask in short edges.
def pieces(name)
  @pieces[name] ||= begin
    edges = @masks[name].edges
    cut = RBA::Edges::new
    cut.merged_semantics = false
    cut.insert(edges.with_length(nil, @piece, false))
    edges.with_length(@piece, nil, false).each do |edge|
      count = edge.length / @piece + 1
      ends = (0..count).map { |i| RBA::Point::new(edge.x1 + edge.dx * i / count, edge.y1 + edge.dy * i / count) }
      ends.each_cons(2) { |from, to| cut.insert(RBA::Edge::new(from, to)) }
    end
    cut
  end
end

# What a check of polygons finds around suspicious pairs. Pairs of cut edges are found in no time, but through other edges
# as well. The check of polygons, where nothing stands between the edges of a pair, takes long on long diagonals, so it is
# left with what lies around suspicious places, tile by tile.
def tile_by_tile(near, distance, *regions)
  found = RBA::EdgePairs::new
  return found if near.size == 0
  places = near.extents(1).merged
  spots, *shapes = [places, *regions.map { |region| region.interacting(places) }].map do |region|
    RBA::Shapes::new.tap { |all| all.insert(region) }
  end
  size, reach = [@tile, distance].max, distance + @beyond
  box = places.bbox
  (box.left...box.right).step(size).to_a.product((box.bottom...box.top).step(size).to_a) do |x, y|
    tile = RBA::Box::new(x, y, x + size, y + size)
    next if spots.each_touching(tile).none?
    yield(*shapes.map { |all| cut(all, tile.enlarged(reach, reach)) }).each do |pair|
      found.insert(pair) if [pair.first, pair.second].any? { |part| part.bbox.touches?(tile) }
    end
  end
  found
end

def cut(shapes, box)
  found = RBA::Region::new
  shapes.each_touching(box) { |shape| found.insert(shape.polygon) }
  found & RBA::Region::new(box)
end

def areal(region)
  solid = region.merged.with_area(2 * @grain**2, nil, false)
  solid.interacting(solid.sized(-(@grain / 5)))
end

# False when the polygon is no wider than `width` wherever it is looked at from this side, once in every run. Runs shorter
# than the width would take too many looks.
def may_be_wide(polygon, edge, width, run)
  length = Math.hypot(edge.dx, edge.dy)
  return false if length <= run
  return true if run < width || run == 0
  looks = (length / run).to_i + 1
  deep = (width - 2) / length
  (0...looks).any? do |n|
    share = (n + 0.5) / looks
    x, y = edge.x1 + share * edge.dx + deep * edge.dy, edge.y1 + share * edge.dy - deep * edge.dx
    polygon.inside?(RBA::Point::new(x.round, y.round))
  end
end

# True when a gap without metal reaches from one edge of the pair to the other.
def open?(pair, metal)
  gap = RBA::Region::new(pair.polygon(0)) - metal
  [pair.first, pair.second].each do |edge|
    gap = gap.interacting(RBA::Edges::new(edge).extended(0, 0, @grain, @grain, false))
  end
  !gap.is_empty?
end

# Least and greatest extent, along x and y and behind an edge at right angles to it, and how far the polygon stands out in
# front of an edge. The inside is on the right of an edge.
def across(polygon)
  found, bite = [polygon.bbox.width.to_f, polygon.bbox.height.to_f], 0.0
  points = polygon.each_point_hull.to_a
  polygon.each_edge do |edge|
    length = Math.hypot(edge.dx, edge.dy)
    behind = points.map { |p| (edge.dy * (p.x - edge.x1) - edge.dx * (p.y - edge.y1)) / length }
    found << behind.max
    bite = [bite, -behind.min].max
  end
  [*found.minmax, bite]
end

def distance_to(edge, x, y)
  share = share_of(edge, x, y)
  Math.hypot(x - edge.x1 - share * edge.dx, y - edge.y1 - share * edge.dy)
end

# How far along an edge the place on it is that is nearest to (x, y), from 0 to 1.
def share_of(edge, x, y)
  square = (edge.dx**2 + edge.dy**2).to_f
  square > 0 ? (((x - edge.x1) * edge.dx + (y - edge.y1) * edge.dy) / square).clamp(0.0, 1.0) : 0.0
end

def extent(rule, name)
  region = @masks[name]
  wrong = RBA::Region::new
  wrong.insert(region.bbox) if !region.is_empty? && yield(region.bbox)
  mark(rule, wrong)
end

def windows(low, high, size)
  return [[low, high]] if high - low <= size
  starts = (0..2 * (high - low) / size).map { |i| low + i * size / 2 }.select { |start| start < high - size }
  [*starts, high - size].map { |start| [start, start + size] }
end

def degrees(radians)
  radians * 180 / Math::PI
end
