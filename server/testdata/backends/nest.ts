// A NestJS server behind the guide's guard, which stands in the middle of this file. It prints where it listens.
import 'reflect-metadata';
import { type CanActivate, Controller, type ExecutionContext, Get, Injectable, Module, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const issuer = 'https://app.example.com/kakao';
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));

// GUIDE

@Controller('orders')
@UseGuards(KakaoGuard)
class Orders {
  @Get()
  list(@Req() request: { user: unknown }) {
    return request.user;
  }
}

@Module({ controllers: [Orders], providers: [KakaoGuard] })
class App {}

const app = await NestFactory.create(App, { logger: ['error'] });
app.enableCors({ origin: 'https://app.example.com' });
await app.listen(0, '127.0.0.1');
console.log(`listening on ${new URL(await app.getUrl()).host}`);
