/// Generates from a topology the files that the containers are created from.
///
///     Topology --+--Compose-------> docker-compose.yml: routers, clients, PoPs (one template)
///                +--RouterRecipe--> bird.conf, bgpd.conf
///                +--PopRecipe-----> server.yaml, announcer.yaml
@NullMarked
package org.anycastdns.lab.recipe;

import org.jspecify.annotations.NullMarked;
