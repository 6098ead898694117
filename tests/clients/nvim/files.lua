-- Opens files, and gives their filetype and whether the server is attached.
return function(check)
  local found = {}
  for _, name in ipairs(vim.json.decode(vim.env.CHECK_FILES)) do
    vim.cmd.edit(vim.fn.fnameescape(name))
    local wanted = vim.b.current_syntax
    local attached = vim.wait(name:find('quiet') and 300 or 20000, function()
      return #vim.lsp.get_clients({ bufnr = 0, name = 'promptls' }) > 0
    end, 20)
    found[name] = { filetype = vim.bo.filetype, attached = attached, syntax = wanted }
  end
  vim.cmd.edit('quiet.lua')
  vim.cmd('Promptls attach')
  local attached = check.wait(function()
    local status = require('promptls').status()
    return status and status.tokens
  end)
  return { found = found, by_command = attached }
end
