-- Edits a prompt with promptls attached, and writes what Neovim shows after each step as JSON.
-- nvim --clean --headless -l check.lua PYTHON FILE
local python, path = arg[1], arg[2]
local root = vim.fs.dirname(vim.fs.dirname(path))
local steps = {}

vim.cmd.edit(vim.fn.fnameescape(path))
local buffer = vim.api.nvim_get_current_buf()
local id = assert(vim.lsp.start({
  name = 'promptls',
  cmd = { python, '-m', 'promptls', 'server' },
  root_dir = root,
  settings = { promptls = { budget = { section = 30 } } },
}))
local client = assert(vim.lsp.get_client_by_id(id))

local function shown()
  local hints, diagnostics = {}, {}
  for _, item in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    local position = item.inlay_hint.position
    table.insert(hints, { position.line, position.character, item.inlay_hint.label })
  end
  for _, item in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(diagnostics, { item.lnum, item.col, item.end_col, item.code })
  end
  local function before(a, b)
    return a[1] < b[1]
  end
  table.sort(hints, before)
  table.sort(diagnostics, before)
  return hints, diagnostics
end

-- Waits for so many hints and diagnostics; what is there is written in any case.
local function step(hints_wanted, diagnostics_wanted)
  vim.wait(20000, function()
    local hints, diagnostics = shown()
    return #hints == hints_wanted and #diagnostics == diagnostics_wanted
  end, 20)
  local hints, diagnostics = shown()
  table.insert(steps, { hints = hints, diagnostics = diagnostics })
end

vim.wait(20000, function()
  return client.initialized
end, 20)
vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
step(2, 2)
-- The long section is cut down: its diagnostic goes.
vim.api.nvim_buf_set_lines(buffer, 3, 4, true, { 'Be brief.' })
step(2, 0)
-- A section more, behind a line with emoji and CJK that is edited in its middle.
vim.api.nvim_buf_set_text(buffer, 2, 8, 2, 8, { '漢' })
vim.api.nvim_buf_set_lines(buffer, 4, 4, true, { '### 😀 more', string.rep('word ', 40) })
step(3, 3)
-- What is left is an empty line.
vim.api.nvim_buf_set_lines(buffer, 0, -1, true, { '' })
step(1, 0)

io.write(vim.json.encode({
  encoding = client.offset_encoding,
  pull = client:supports_method('textDocument/diagnostic'),
  steps = steps,
}))
vim.lsp.stop_client(id)
vim.wait(5000, function()
  return client:is_stopped()
end, 20)
vim.cmd('qall!')
