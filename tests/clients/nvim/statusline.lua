-- Gives the status line of a prompt as Neovim draws it, and as lualine asks for it.
return function(check)
  local promptls = require('promptls')
  check.wait(function()
    local text = check.status(0)
    return text and text:find('%%') ~= nil
  end)
  local expression = "%{%v:lua.require'promptls'.statusline()%}"
  local drawn = vim.api.nvim_eval_statusline(expression, {}).str
  local component = promptls.statusline({}, true)
  local prompt = vim.api.nvim_get_current_buf()
  vim.cmd.new()
  return {
    drawn = drawn,
    component = component,
    in_lualine = vim.api.nvim_eval_statusline(component, {}).str,
    elsewhere = promptls.statusline(),
    of_buffer = promptls.statusline(prompt),
    status = promptls.status(prompt),
    has_highlights = vim
      .iter({ 'PromptlsNormal', 'PromptlsWarning', 'PromptlsError' })
      :all(function(name)
        return vim.fn.hlexists(name) == 1
      end),
    unknown = promptls.status() == nil,
  }
end
