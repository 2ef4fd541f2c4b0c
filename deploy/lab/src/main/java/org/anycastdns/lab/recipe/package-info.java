/// What a topology becomes: the files that the containers are made from.
///
///     Topology --+--Compose-------> docker-compose.yml: routers, clients, PoPs (one template)
///                +--RouterRecipe--> bird.conf, bgpd.conf
///                +--PopRecipe-----> server.yaml, announcer.yaml
@NullMarked
package org.anycastdns.lab.recipe;

import org.jspecify.annotations.NullMarked;
