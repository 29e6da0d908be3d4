<?php
// A Laravel application that lets through whom the guide's middleware lets through: the front controller of `php -S`.
declare(strict_types=1);

use App\Http\Middleware\KakaoUser;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;

require '/usr/share/php/Illuminate/autoload.php';
require '/usr/share/php/GuzzleHttp/autoload.php';
require __DIR__ . '/php-jwt.php';
require __DIR__ . '/app/Http/Middleware/KakaoUser.php';

$app = new Application(__DIR__);
$app->singleton(KernelContract::class, Kernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);
$app['router']->get('/orders', fn (Request $request) => ['id' => $request->attributes->get('kakao_user')])->middleware(KakaoUser::class);
$app->make(KernelContract::class)->handle(Request::capture())->send();
