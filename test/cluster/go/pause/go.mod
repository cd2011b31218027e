module zen-lead.io/test/cluster/pause

go 1.26.0
