--- `:Promptls restart`: end all servers, and start those that the open buffers need.
local notice = require('promptls.notice')

---@type promptls.Command
return function()
  require('promptls.server').restart(function()
    notice.info('the server is being started')
  end)
end
