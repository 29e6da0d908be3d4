local holder = ARGV[3]
local found = redis.call('HMGET', lease, 'holder', 'awaited')
if found[1] ~= holder then return {'lease lost'} end
redis.call('DEL', lease)
if found[2] then redis.call('PUBLISH', prefix .. 'freed:' .. key, '') end
return {'released'}
