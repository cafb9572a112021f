# Run before and after a layout is loaded: it is shown with all levels of its hierarchy, and the user's setting stays.
app = RBA::Application.instance
setting = "full-hierarchy-new-cell"
if $levels_setting.nil?
  $levels_setting = app.get_config(setting) || "false"
  app.set_config(setting, "true")
else
  app.set_config(setting, $levels_setting)
end
