-- Opens prompts where there is no server, and gives what is said; then names the server.
return function(check)
  check.wait(function()
    return #check.notices > 0
  end)
  vim.cmd.edit('prompts/b.md')
  vim.cmd.edit('prompts/c.md')
  local said = vim.deepcopy(check.notices)
  vim.cmd('Promptls report')
  local of_command = check.notices[#check.notices]
  vim.cmd('checkhealth promptls')
  local health = check.lines()
  vim.cmd.edit('prompts/b.md')
  require('promptls').setup({ cmd = { vim.env.CHECK_PYTHON, '-m', 'promptls', 'server' } })
  vim.cmd('Promptls restart')
  local started = check.wait(function()
    local status = require('promptls').status()
    return status and status.tokens
  end)
  vim.cmd('checkhealth promptls')
  return {
    said = said,
    of_command = of_command,
    health = health,
    started = started,
    healthy = check.lines(),
  }
end
