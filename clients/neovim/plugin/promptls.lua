-- Runs at every start of Neovim, so it loads neither the plugin's modules nor `vim.lsp`: they come
-- with the first prompt or the first `:Promptls`.
if vim.g.loaded_promptls then
  return
end
vim.g.loaded_promptls = 1

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('promptls needs Neovim 0.11 or later', vim.log.levels.ERROR)
  return
end

vim.api.nvim_set_hl(0, 'PromptlsNormal', { link = 'StatusLine', default = true })
vim.api.nvim_set_hl(0, 'PromptlsWarning', { link = 'DiagnosticWarn', default = true })
vim.api.nvim_set_hl(0, 'PromptlsError', { link = 'DiagnosticError', default = true })

vim.api.nvim_create_user_command('Promptls', function(call)
  require('promptls.command').run(call)
end, {
  nargs = '?',
  desc = 'Token figures of prompts',
  complete = function(typed)
    return require('promptls.command').complete(typed)
  end,
})

local group = vim.api.nvim_create_augroup('promptls', {})
vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'Show the figures of a prompt',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'promptls' then
      require('promptls.attachment').attached(client, event.buf)
    end
  end,
})
vim.api.nvim_create_autocmd('LspDetach', {
  group = group,
  desc = 'Forget the figures of a prompt',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'promptls' then
      require('promptls.attachment').detached(event.buf)
    end
  end,
})
vim.api.nvim_create_autocmd('BufWinEnter', {
  group = group,
  desc = 'Look at what changed while a prompt was in no window',
  callback = function(event)
    local reports = package.loaded['promptls.reports']
    if reports then
      reports.shown(event.buf)
    end
  end,
})

local enabled = false
local function enable()
  if enabled then
    return
  end
  if vim.v.vim_did_enter == 0 then
    -- Until then, `vim.lsp.enable` would not look at the buffers that are there already.
    vim.api.nvim_create_autocmd('VimEnter', { group = group, once = true, callback = enable })
    return
  end
  enabled = true
  vim.lsp.enable('promptls')
end

if vim.v.vim_did_enter == 1 then
  -- Loaded late by a plugin manager: `setup()` may follow, and the server starts with what it says.
  vim.schedule(enable)
else
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = { 'markdown', 'prompty', 'dotprompt', 'text' },
    once = true,
    desc = 'Have the server started for prompts',
    callback = vim.schedule_wrap(enable),
  })
end
