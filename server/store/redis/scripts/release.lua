pcall(redis.set_repl, redis.REPL_NONE) -- see acquire.lua
local lease, holder, channel = KEYS[1], ARGV[1], ARGV[2]
local found = redis.call('HMGET', lease, 'holder', 'awaited')
if found[1] ~= holder then return {'lease lost'} end
redis.call('DEL', lease)
if found[2] then redis.call('PUBLISH', channel, '') end
return {'released'}
