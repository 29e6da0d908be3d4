# The token server as an image of one static program, without a shell or a
# distribution. The SDK is taken from dist/release, as `make release` leaves it:
#
#   make release && docker build -t kakaowasm .
#
# docs/deploy.md says how to run it.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags=grpcnotrace -ldflags='-s -w' -o /image/usr/bin/kakaowasm ./cmd/kakaowasm

# What the program needs beside itself, as distroless images have it: certificate
# authorities, a user who is not root, and a folder for the store.
RUN mkdir -p /image/etc/ssl/certs /image/usr/share/kakaowasm /state \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'nonroot:x:65532:65532:nonroot:/var/lib/kakaowasm:/sbin/nologin' > /image/etc/passwd \
 && echo 'nonroot:x:65532:' > /image/etc/group \
 && cp -r dist/release /image/usr/share/kakaowasm/sdk \
 && cp LICENSE /image/usr/share/kakaowasm/

# The emulator alone, for development and tests: docker build --target emulator.
# A container's own network is what keeps strangers out; docs/emulator.md says more.
FROM scratch AS emulator
COPY --from=build /image/etc/ /etc/
COPY --from=build /image/usr/bin/kakaowasm /usr/bin/
USER 65532:65532
ENV KAKAO_EMULATOR_ADDR=0.0.0.0:8481
EXPOSE 8481
ENTRYPOINT ["/usr/bin/kakaowasm"]
CMD ["emulate", "--allow-remote"]

# The tags of distroless images move; scratch has nothing that could.
FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /state/ /var/lib/kakaowasm/
USER 65532:65532
ENV KAKAOWASM_ADDR=0.0.0.0:8480 \
    KAKAOWASM_SDK_DIR=/usr/share/kakaowasm/sdk \
    STATE_DIRECTORY=/var/lib/kakaowasm
VOLUME /var/lib/kakaowasm
EXPOSE 8480
# Without a shell the program asks itself, at the address of the variables above.
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s CMD ["/usr/bin/kakaowasm", "health"]
ENTRYPOINT ["/usr/bin/kakaowasm"]
CMD ["serve"]
