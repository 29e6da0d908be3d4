# The image of a release, from the program that the release has built: ../Dockerfile builds the program from source.

FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm AS base
RUN mkdir -p /image/etc/ssl/certs /state \
 && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && echo 'nonroot:x:65532:65532:nonroot:/var/lib/kakaowasm:/sbin/nologin' > /image/etc/passwd \
 && echo 'nonroot:x:65532:' > /image/etc/group

FROM scratch
ARG TARGETPLATFORM
COPY --from=base /image/ /
COPY --from=base --chown=65532:65532 /state/ /var/lib/kakaowasm/
COPY LICENSE dist/THIRD_PARTY_LICENSES /usr/share/kakaowasm/
COPY $TARGETPLATFORM/kakaowasm /usr/bin/kakaowasm
USER 65532:65532
ENV KAKAOWASM_ADDR=0.0.0.0:8480 \
    STATE_DIRECTORY=/var/lib/kakaowasm
VOLUME /var/lib/kakaowasm
EXPOSE 8480
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s CMD ["/usr/bin/kakaowasm", "health"]
ENTRYPOINT ["/usr/bin/kakaowasm"]
CMD ["serve"]
