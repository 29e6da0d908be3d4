/// <reference types="kakao-js-sdk" />
