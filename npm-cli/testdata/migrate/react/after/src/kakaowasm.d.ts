/// <reference types="kakaowasm" />
import Kakao = kakaowasm.Kakao;
