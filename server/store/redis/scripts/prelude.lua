-- What the scripts share. A script answers with a word and what belongs to it.
local prefix, key = ARGV[1], ARGV[2]
local entry = prefix .. 'entry:' .. key
local lease = prefix .. 'lease:' .. key

-- The length keeps one owner's index apart from any other's.
local function index_of(app, user)
  return prefix .. 'owner:' .. #app .. ':' .. app .. ':' .. user
end

-- Takes the entry into its owner's index, which lives as long as what it holds.
-- The index of an owner whom the entry left has it until then: delete_owned.lua
-- looks whose an entry is, so that not every write must.
local function index(app, user, expiry)
  if user == '' then return end
  local keys = index_of(app, user)
  local now = redis.call('TIME')
  redis.call('ZADD', keys, expiry, key)
  redis.call('ZREMRANGEBYSCORE', keys, '-inf', now[1] * 1000 + math.floor(now[2] / 1000))
  local last = redis.call('ZRANGE', keys, -1, -1, 'WITHSCORES')
  if last[2] then redis.call('PEXPIREAT', keys, last[2]) end
end

local function put(version, expiry, app, user, value)
  redis.call('HSET', entry, 'version', version, 'expiry', expiry, 'app', app, 'user', user, 'value', value)
  redis.call('PEXPIREAT', entry, expiry)
  index(app, user, expiry)
  return {'stored'}
end
