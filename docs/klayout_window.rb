# Run in KLayout before a layout is loaded and again after: arranges its windows on the screen, picks the first marker,
# shows the part `$box` (µm) and saves the whole screen as the picture `$picture`.
app = RBA::Application.instance
BROWSER = 600 unless defined?(BROWSER)

def settle(seconds)
  (50 * seconds).round.times do
    RBA::QCoreApplication.processEvents
    sleep 0.02
  end
end

def child(widget, name)
  widget.children.each do |c|
    return c if c.objectName == name
    found = child(c, name)
    return found if found
  end
  nil
end

def expand(tree, index, depth)
  tree.expand(index)
  return if depth == 0
  model = tree.model
  model.rowCount(index).times { |row| expand(tree, model.index(row, 0, index), depth - 1) }
end

def arrange_window(window)
  screen = RBA::QGuiApplication.primaryScreen.geometry
  window.move(0, 0)
  window.resize(screen.width - BROWSER, screen.height)
  ["libs_dock_widget", "lt_dock_widget", "navigator_dock_widget"].each { |name| child(window, name).hide }
  docks = ["hp_dock_widget", "lp_dock_widget"].map { |name| child(window, name) }
  docks.each { |dock| dock.setFixedWidth(200) }
  cells = child(docks[0], "tree")
  expand(cells, cells.model.index(0, 0), 0)
end

# The marker browser lists every category; the first one with a marker is opened and its marker picked.
def pick_marker(browser)
  screen = RBA::QGuiApplication.primaryScreen.geometry
  browser.move(screen.width - BROWSER, 0)
  browser.resize(BROWSER, screen.height)
  child(browser, "splitter_2").setSizes([230, BROWSER - 230])
  tree = child(browser, "directory_tree")
  tree.setColumnWidth(0, 170)
  model = tree.model
  by_category = model.index(1, 0)
  expand(tree, by_category, 1)
  settle(1)
  list = child(browser, "markers_list")
  model.rowCount(by_category).times do |group|
    parent = model.index(group, 0, by_category)
    model.rowCount(parent).times do |row|
      tree.setCurrentIndex(model.index(row, 0, parent))
      settle(0.2)
      next if list.model.rowCount(RBA::QModelIndex.new) == 0
      list.setCurrentIndex(list.model.index(0, 0))
      return
    end
  end
end

if RBA::MainWindow.instance.views == 0
  app.set_config("tip-window-hidden", "editor-mode=4")
  app.set_config("rdb-marker-color", "#ff00ff")
  app.set_config("rdb-marker-line-width", "3")
  app.set_config("default-font-size", "2")
else
  window = RBA::MainWindow.instance
  RBA::QCursor.setPos(0, 0)
  arrange_window(window)
  browser = RBA::QApplication.topLevelWidgets.find { |widget| widget.objectName == "MarkerBrowserDialog" }
  pick_marker(browser)
  settle(1)
  layers = child(window, "layer_tree")
  expand(layers, layers.model.index(layers.model.rowCount(RBA::QModelIndex.new) - 1, 0), 0)
  window.current_view.zoom_box(RBA::DBox.new(*$box.split(",").map { |value| value.to_f }))
  settle(2)
  RBA::QGuiApplication.primaryScreen.grabWindow(0).save($picture)
  app.exit(0)
end
