# What the program has open, as JSON on its output; runs as the last script of the command of `rdl view`.
require "json"
load $last_script
view = RBA::LayoutView.current
cellview = view.active_cellview
technology = RBA::Technology.technology_by_name(cellview.technology).dup
connectivity = technology.component("connectivity").each.to_a[0]
tracer = RBA::NetTracer.new
x, y = $bump.split(",").map { |value| value.to_i }
tracer.trace(connectivity, cellview.layout, cellview.cell, RBA::Point.new(x, y), cellview.layout.layer($layer.to_i, 0))
box = RBA::Box.new
tracer.each_element { |element| box += element.bbox }
puts JSON.generate(
  technology: technology.name,
  layers: view.each_layer.map { |layer| layer.name },
  levels: view.max_hier_levels,
  markers: view.rdb(0).each_item.map { |item| view.rdb(0).category_by_id(item.category_id).path },
  setting: RBA::Application.instance.get_config("full-hierarchy-new-cell"),
  net: tracer.name,
  box: [box.left, box.bottom, box.right, box.top],
)
