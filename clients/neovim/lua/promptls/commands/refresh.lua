--- `:Promptls refresh`: have everything looked up again that documents bring in.
local notice = require('promptls.notice')
local requests = require('promptls.requests')

---@type promptls.Command
return function(buffer)
  local client = requests.any_server(buffer)
  if client then
    local command = { title = 'Refresh references', command = 'promptls.refreshReferences' }
    client:exec_cmd(command, { bufnr = buffer }, function(failure)
      if failure then
        notice.error(failure.message)
      else
        notice.info('references are being looked up again')
      end
    end)
  end
end
