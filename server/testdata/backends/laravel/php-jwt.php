<?php
// Stands for firebase/php-jwt, which Debian does not have: what the guide calls of it, with phpseclib.
declare(strict_types=1);

namespace Firebase\JWT;

use phpseclib3\Crypt\PublicKeyLoader;
use phpseclib3\Crypt\RSA;
use phpseclib3\Math\BigInteger;
use UnexpectedValueException;

require '/usr/share/php/phpseclib3/autoload.php';

function unbase64(string $text): string
{
    return (string) base64_decode(strtr($text, '-_', '+/'), true);
}

final class JWK
{
    /** The keys of a set, by their IDs. */
    public static function parseKeySet(array $set): array
    {
        $keys = [];
        foreach ($set['keys'] as $jwk) {
            $keys[$jwk['kid']] = PublicKeyLoader::load(['n' => new BigInteger(unbase64($jwk['n']), 256), 'e' => new BigInteger(unbase64($jwk['e']), 256)])
                ->withHash('sha256')->withPadding(RSA::SIGNATURE_PKCS1);
        }
        return $keys;
    }
}

final class JWT
{
    public static int $leeway = 0; // in seconds

    /** The claims of a token, if signature and times are good. */
    public static function decode(string $token, array $keys): \stdClass
    {
        [$header, $claims, $signature] = explode('.', $token) + ['', '', ''];
        $key = $keys[json_decode(unbase64($header))->kid ?? ''] ?? null;
        if (!$key?->verify("$header.$claims", unbase64($signature))) {
            throw new UnexpectedValueException('Signature verification failed');
        }
        $claims = json_decode(unbase64($claims));
        if ($claims->iat > time() + self::$leeway || $claims->exp <= time() - self::$leeway) {
            throw new UnexpectedValueException('Expired token, or one of the future');
        }
        return $claims;
    }
}
