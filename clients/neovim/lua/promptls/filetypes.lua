--- Which buffers the server is started for.
local M = {}

--- The filetypes of prompts. Of `text`, only files that are prompts by their name or folder.
M.names = { 'markdown', 'prompty', 'dotprompt', 'text' }

local PROMPT_FOLDERS = {
  'prompts',
  'agents',
  'commands',
  'skills',
  '.claude',
  '.cursor',
  '.github/prompts',
}

--- Whether promptls has something to say about a text file: by the rule of the server, which would
--- stay quiet in others.
---@param path string
---@param root? string the workspace folder; the names of the folders above it say nothing
---@return boolean
function M.is_prompt_text(path, root)
  path = vim.fs.normalize(path)
  local below = root and vim.fs.relpath(root, path) or path
  if vim.fs.basename(below):lower():find('prompt', 1, true) then
    return true
  end
  local folders = ('/%s/'):format(vim.fs.dirname(below):lower())
  return vim.iter(PROMPT_FOLDERS):any(function(folder)
    return folders:find(('/%s/'):format(folder), 1, true) ~= nil
  end)
end

return M
