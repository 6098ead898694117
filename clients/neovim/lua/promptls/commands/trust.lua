--- `:Promptls trust`: let the server fetch addresses and read variables for this workspace.
local notice = require('promptls.notice')
local requests = require('promptls.requests')

---@type promptls.Command
return function(buffer)
  local client = requests.server_of(buffer)
  if client then
    require('promptls.trust').grant(client)
    local workspace = client.root_dir and vim.fn.fnamemodify(client.root_dir, ':~')
      or 'files outside of any workspace'
    notice.info(('%s: trusted until Neovim ends. See :help promptls-trust'):format(workspace))
  end
end
