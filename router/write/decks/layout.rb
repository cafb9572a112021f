# A layout that cannot be judged is no clean one.
def require_layout
  raise 'The layout has no cell' unless source.cell_obj
  dbu = source.layout.dbu
  raise "A database unit of #{dbu} µm; expected 0.001 µm (1 nm)" unless (dbu - 0.001).abs < 1e-9
end

def require_shapes(masks)
  raise 'No polygon on any mask of the process' if masks.all?(&:is_empty?)
end

