-- CLAUDE.md, SKILL.md, *.prompt.md and their like are Markdown to Neovim already.
vim.filetype.add({
  extension = {
    mdc = 'markdown',
    prompt = 'dotprompt',
    prompty = 'prompty',
  },
  filename = {
    ['.cursorrules'] = 'markdown',
  },
})
