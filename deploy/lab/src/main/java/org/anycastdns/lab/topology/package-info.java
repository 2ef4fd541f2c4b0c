/// The lab's network as a value: what the topology file says, and the addresses that follow.
///
///     topology.yaml --TopologyFile--> Topology --Addresses--> subnets, hosts, names of addresses
@NullMarked
package org.anycastdns.lab.topology;

import org.jspecify.annotations.NullMarked;
