--- Messages to the user.
local M = {}

---@param text string
function M.info(text)
  vim.notify('promptls: ' .. text, vim.log.levels.INFO)
end

---@param text string
function M.warn(text)
  vim.notify('promptls: ' .. text, vim.log.levels.WARN)
end

---@param text string
function M.error(text)
  vim.notify('promptls: ' .. text, vim.log.levels.ERROR)
end

return M
