--- `:checkhealth promptls`.
local filetypes = require('promptls.filetypes')
local options = require('promptls.options')
local server = require('promptls.server')

local M = {}

local VERSION_WITHIN = 10000 -- milliseconds

---@param command string[]
local function check_version(command)
  local words = {}
  for _, word in ipairs(command) do
    if word == 'server' then
      break
    end
    table.insert(words, word)
  end
  if #words == #command then
    vim.health.info('its version is not known: the command has no word `server`')
    return
  end
  table.insert(words, '--version')
  local started, done = pcall(function()
    return vim.system(words, { text = true, env = { PYTHONSAFEPATH = '1' } }):wait(VERSION_WITHIN)
  end)
  if started and done.code == 0 then
    vim.health.ok(vim.trim(done.stdout))
  else
    local reason = started and vim.trim(done.stderr or '') or tostring(done)
    vim.health.error(('`%s` fails: %s'):format(table.concat(words, ' '), reason))
  end
end

local function check_server()
  vim.health.start('promptls: server')
  local command, problem = server.command()
  if not command then
    vim.health.error(problem --[[@as string]], { server.HOW_TO_INSTALL })
    return
  end
  vim.health.ok(('command: `%s`'):format(table.concat(command, ' ')))
  check_version(command)
end

local function check_clients()
  vim.health.start('promptls: running servers')
  local clients = vim.lsp.get_clients({ name = 'promptls' })
  if #clients == 0 then
    vim.health.info('none; one starts with the first prompt')
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_count(client.attached_buffers)
    local trusted = require('promptls.trust').is_trusted(client) and 'trusted' or 'not trusted'
    vim.health.ok(
      ('%s: %s, %d buffer%s, positions in %s'):format(
        client.root_dir or 'outside of any workspace',
        trusted,
        buffers,
        buffers == 1 and '' or 's',
        client.offset_encoding
      )
    )
    if client.capabilities.textDocument.diagnostic ~= vim.NIL then
      vim.health.warn('diagnostics are pulled, so they do not follow changes in imported files', {
        'Leave `capabilities.textDocument.diagnostic` out of the configuration of promptls',
      })
    end
  end
end

local function check_editor()
  vim.health.start('promptls: editor')
  if vim.lsp.is_enabled('promptls') then
    vim.health.ok(('enabled for: %s'):format(table.concat(filetypes.names, ', ')))
  else
    vim.health.info(
      ('not enabled; that comes with the first file of the type %s'):format(
        table.concat(filetypes.names, ', ')
      )
    )
  end
  for name, filetype in pairs({ ['x.prompt'] = 'dotprompt', ['x.prompty'] = 'prompty' }) do
    local found = vim.filetype.match({ filename = name })
    if found ~= filetype then
      vim.health.warn(
        ('files like %s have the filetype %s instead of %s'):format(name, found or 'none', filetype)
      )
    end
  end
  local hints = options.get().inlay_hints and 'shown' or 'turned off by an option'
  vim.health.info(('inlay hints: %s'):format(hints))
  vim.health.info(('log of the server: %s'):format(server.log_file()))
  vim.health.info(('log of Neovim: %s'):format(vim.lsp.log.get_filename()))
end

--- Says what was found, and how to mend what is wrong.
function M.check()
  check_server()
  check_clients()
  check_editor()
end

return M
