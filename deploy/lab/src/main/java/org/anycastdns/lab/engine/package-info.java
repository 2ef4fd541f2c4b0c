/// The container engine, used through its command line: the one interface that Docker and Podman
/// share.
///
///     Engine --docker, docker compose or docker-compose--> containers and networks
@NullMarked
package org.anycastdns.lab.engine;

import org.jspecify.annotations.NullMarked;
