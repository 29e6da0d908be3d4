-- Takes a key out of an owner's index unless they have an entry there by now.
local entry, index = KEYS[1], KEYS[2]
local key, app, user = ARGV[1], ARGV[2], ARGV[3]
local owner = redis.call('HMGET', entry, 'app', 'user')
if owner[1] ~= app or owner[2] ~= user then redis.call('ZREM', index, key) end
return {'done'}
