--- `:Promptls log`: what the server has logged.
local notice = require('promptls.notice')
local server = require('promptls.server')

---@type promptls.Command
return function(_, call)
  local file = server.log_file()
  local about = vim.uv.fs_stat(file)
  if not about or about.size == 0 then
    notice.info(
      ('nothing is logged in %s. What a server says that cannot start is in %s'):format(
        file,
        vim.lsp.log.get_filename()
      )
    )
    return
  end
  vim.cmd.sview({ vim.fn.fnameescape(file), mods = call.smods })
  vim.bo.autoread = true
  vim.cmd.normal({ 'G', bang = true })
end
