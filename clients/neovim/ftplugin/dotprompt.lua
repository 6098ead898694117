-- A dotprompt file is front matter and Markdown: what Neovim does for Markdown is done here too.
if vim.b.did_ftplugin then
  return
end
vim.treesitter.language.register('markdown', 'dotprompt')
vim.cmd.runtime({ 'ftplugin/markdown.vim', 'ftplugin/markdown.lua', bang = true })
