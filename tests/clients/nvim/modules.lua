-- Calls functions with arguments from the test. nvim --clean --headless -l modules.lua PLUGIN FILE
vim.opt.runtimepath:prepend(arg[1])
vim.cmd.runtime('ftdetect/promptls.lua')
local calls = vim.json.decode(table.concat(vim.fn.readfile(arg[2]), '\n'), {
  luanil = { object = true, array = true },
})
local results = {}
for number, call in ipairs(calls) do
  local ok, result = pcall(require(call.module)[call.name], unpack(call.arguments, 1, call.number))
  results[number] = { ok = ok, result = result }
end
io.write(vim.json.encode(results))
