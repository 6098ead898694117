--- Where the segments of a rendered prompt begin in its lines.
local M = {}

---@class promptls.Segment
---@field start integer characters before it
---@field end integer characters before what follows it
---@field uri? string what it is from; nil for text that is in no file
---@field range? promptls.Range where it stands there
---@field tokens? integer

---@class promptls.Placed: promptls.Segment
---@field line integer counted from 0
---@field column integer bytes before it in the line

--- Adds to segments, which follow each other, where they begin.
---@param lines string[]
---@param segments promptls.Segment[]
---@return promptls.Placed[]
function M.place(lines, segments)
  local placed = {}
  local line, before = 1, 0 -- characters in the lines above
  local width = vim.str_utfindex(lines[1], 'utf-32')
  for _, segment in ipairs(segments) do
    while segment.start > before + width and line < #lines do
      before = before + width + 1
      line = line + 1
      width = vim.str_utfindex(lines[line], 'utf-32')
    end
    local column = vim.str_byteindex(lines[line], 'utf-32', segment.start - before, false)
    table.insert(placed, vim.tbl_extend('error', segment, { line = line - 1, column = column }))
  end
  return placed
end

--- The segment at a place.
---@param placed promptls.Placed[]
---@param line integer counted from 0
---@param column integer in bytes
---@return promptls.Placed?
function M.at(placed, line, column)
  local found
  for _, segment in ipairs(placed) do
    if segment.line > line or (segment.line == line and segment.column > column) then
      break
    end
    found = segment
  end
  return found
end

return M
