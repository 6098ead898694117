-- Mends and breaks what a prompt refers to, and writes what Neovim shows after each step as JSON.
-- nvim --clean --headless -l references.lua PYTHON FILE pull|push|PLUGIN
--
-- Neovim 0.11 asks for diagnostics when a buffer is opened or edited and knows no
-- `workspace/diagnostic/refresh`. What changes elsewhere it shows when it has them pushed. That is
-- how the plugin, named by its folder, configures it.
local python, path, mode = arg[1], arg[2], arg[3]
local root = vim.fs.dirname(vim.fs.dirname(path))
local steps = {}

vim.cmd.edit(vim.fn.fnameescape(path))
local prompt = vim.api.nvim_get_current_buf()
local cmd = { python, '-m', 'promptls', 'server' }
local config
if mode == 'pull' or mode == 'push' then
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  if mode == 'push' then
    capabilities.textDocument.diagnostic = vim.NIL -- without it, the default comes back
  end
  config = { capabilities = capabilities, name = 'promptls', cmd = cmd }
else
  vim.opt.runtimepath:prepend(mode)
  require('promptls').setup({ cmd = cmd })
  config = vim.deepcopy(vim.lsp.config.promptls)
end
config.root_dir = root
local id = assert(vim.lsp.start(config))
local client = assert(vim.lsp.get_client_by_id(id))

local function shown(buffer)
  local found = {}
  for _, item in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, item.lnum .. ' ' .. item.code)
  end
  table.sort(found)
  return found
end

-- Waits for these diagnostics; what is there is written in any case.
local function step(name, buffer, wanted)
  vim.wait(20000, function()
    return vim.deep_equal(shown(buffer), wanted)
  end, 20)
  table.insert(steps, { name = name, wanted = wanted, shown = shown(buffer) })
end

local function write(name, lines)
  vim.fn.mkdir(vim.fs.dirname(root .. '/' .. name), 'p')
  vim.fn.writefile(lines, root .. '/' .. name)
end

local function set(buffer, line, text)
  vim.api.nvim_buf_set_lines(buffer, line, line + 1, true, { text })
end

vim.wait(20000, function()
  return client.initialized
end, 20)

local missing, cycle, blocked = '0 reference/not-found', '1 reference/cycle', '2 reference/blocked'
local undefined, inside = '3 reference/undefined-variable', '4 reference/unresolved-inside'
step('all', prompt, { missing, cycle, blocked, undefined, inside })
if mode == 'pull' then
  set(prompt, 2, 'nothing')
  step('the blocked path is gone', prompt, { missing, cycle, undefined, inside })
  io.write(vim.json.encode(steps))
  vim.cmd('qall!')
end
write('new.md', { 'It is here.' })
step('the missing file is made', prompt, { cycle, blocked, undefined, inside })
set(prompt, 2, '@file:../new.md#L1')
step(
  'the blocked path is another',
  prompt,
  { cycle, '2 reference/duplicate-content', undefined, inside }
)
set(prompt, 2, 'nothing')
write('promptls.toml', { '[vars]', 'name = "Atlas"' })
step('the variable is defined', prompt, { cycle, inside })

-- The mend is in an imported document that is open, and not saved.
vim.cmd.edit(vim.fn.fnameescape(root .. '/ring/two.md'))
local two = vim.api.nvim_get_current_buf()
vim.lsp.start(config)
set(two, 0, 'no way back')
step('the ring is broken in the editor', prompt, { inside })
step('the imported document', two, {})
set(two, 0, '@file:one.md')
step('the ring is closed in the editor', prompt, { cycle, inside })
step('the imported document in the ring', two, { '0 reference/cycle' })
vim.cmd('bdelete! ' .. two)

-- The mend is in an imported file on disk.
write('ring/two.md', { 'no way back' })
write('ring/inner.md', { 'nothing missing' })
step('all is mended on disk', prompt, {})
vim.fn.delete(root .. '/new.md')
step('the file is gone again', prompt, { missing })

io.write(vim.json.encode(steps))
vim.lsp.stop_client(id)
vim.wait(5000, function()
  return client:is_stopped()
end, 20)
vim.cmd('qall!')
