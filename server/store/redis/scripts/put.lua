-- A script answers with a word and what belongs to it.
local entry, index = KEYS[1], KEYS[2] -- no index where nobody owns the entry
local key, version, expiry, app, user, value = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]

-- Stores the entry and takes it into its owner's index, which lives as long as
-- what it holds. The index of an owner whom the entry left has it until then:
-- delete_owned.lua looks whose an entry is, so that not every write must.
local function put()
  redis.call('HSET', entry, 'version', version, 'expiry', expiry, 'app', app, 'user', user, 'value', value)
  redis.call('PEXPIREAT', entry, expiry)
  if index then
    local now = redis.call('TIME')
    redis.call('ZADD', index, expiry, key)
    redis.call('ZREMRANGEBYSCORE', index, '-inf', now[1] * 1000 + math.floor(now[2] / 1000))
    local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')
    if last[2] then redis.call('PEXPIREAT', index, last[2]) end
  end
  return {'stored'}
end
