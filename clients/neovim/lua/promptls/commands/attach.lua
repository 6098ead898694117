--- `:Promptls attach`: have the figures of a buffer whatever its filetype.
---@type promptls.Command
return function(buffer)
  require('promptls.attachment').attach(buffer)
end
