-- A prompty file is front matter and Markdown: what Neovim does for Markdown is done here too.
if vim.b.did_ftplugin then
  return
end
vim.treesitter.language.register('markdown', 'prompty')
vim.cmd.runtime({ 'ftplugin/markdown.vim', 'ftplugin/markdown.lua', bang = true })
