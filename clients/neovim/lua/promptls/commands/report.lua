--- `:Promptls report`: a document's totals, sections and references by cost; follows its edits.
local reports = require('promptls.reports')
local report_page = require('promptls.report_page')
local requests = require('promptls.requests')
local scratch = require('promptls.scratch')

---@type promptls.Command
return function(source, call)
  requests.about(source, 'promptls/report', function(report, client)
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(source), ':~:.')
    local page = report_page.make(name, report)
    local mods = call.smods
    local view = scratch.open(
      { name = 'report/' .. name, filetype = 'promptls', mods = mods },
      page.lines,
      page.marks
    )
    local function jump()
      local range = page.places[vim.api.nvim_win_get_cursor(0)[1]]
      if range then
        scratch.jump({ uri = report.uri, range = range }, client.offset_encoding)
      end
    end
    vim.keymap.set('n', '<CR>', jump, { buffer = view, desc = 'Go to this place' })

    local unsubscribe
    unsubscribe = reports.subscribe(function(buffer, newer)
      if buffer == source and newer and vim.api.nvim_buf_is_valid(view) then
        page = report_page.make(name, newer)
        scratch.fill(view, page.lines, page.marks)
      end
    end)
    vim.api.nvim_create_autocmd('BufWipeout', {
      buffer = view,
      once = true,
      desc = 'Follow the document no more',
      callback = unsubscribe,
    })
  end)
end
