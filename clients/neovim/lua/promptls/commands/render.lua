--- `:Promptls render`: the prompt as it is sent, beside the document.
local figures = require('promptls.figures')
local requests = require('promptls.requests')
local scratch = require('promptls.scratch')
local segments = require('promptls.segments')

---@class promptls.Rendered
---@field uri string
---@field text string
---@field tokens? integer
---@field segments promptls.Segment[]

---@param segment promptls.Placed
---@return string # what stands behind the first line of a segment that is brought in
local function origin(segment)
  local from = segment.uri and vim.fn.fnamemodify(vim.uri_to_fname(segment.uri), ':~:.')
    or 'not from a file'
  return ('← %s · %s'):format(from, figures.tokens(segment.tokens))
end

---@type promptls.Command
return function(source, call)
  requests.about(source, 'promptls/render', function(rendered, client)
    ---@cast rendered promptls.Rendered
    local lines = vim.split(rendered.text, '\n', { plain = true })
    local placed = segments.place(lines, rendered.segments)
    local marks = {}
    for _, segment in ipairs(placed) do
      if segment.uri ~= rendered.uri then
        table.insert(marks, { line = segment.line, virtual = origin(segment) })
      end
    end
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':~:.')
    local mods = call.smods
    if mods.split == '' and not mods.vertical and not mods.horizontal and mods.tab == -1 then
      mods.vertical = true
    end
    local view =
      scratch.open({ name = 'rendered/' .. name, filetype = 'markdown', mods = mods }, lines, marks)
    vim.b[view].promptls_tokens = rendered.tokens
    local function jump()
      local line, column = unpack(vim.api.nvim_win_get_cursor(0))
      local segment = segments.at(placed, line - 1, column)
      if segment and segment.uri and segment.range then
        local below = line - 1 - segment.line
        local start = segment.range.start
        local place = { line = start.line + below, character = below == 0 and start.character or 0 }
        scratch.jump(
          { uri = segment.uri, range = { start = place, ['end'] = place } },
          client.offset_encoding
        )
      end
    end
    vim.keymap.set('n', '<CR>', jump, { buffer = view, desc = 'Go to where this is from' })
  end)
end
