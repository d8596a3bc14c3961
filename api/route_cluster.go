package api

import (
	"net"
	"net/http"
	"strconv"

	"tallystick/host"
)

// apiVersion is the version of the REST interface that clients compare with their own; the version of
// this program stands beside it.
const apiVersion = "8.9.0"

func clusterRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/topology", host.ActionSystemRead, "Describe the server as the one broker that clients look for", getTopology},
		{http.MethodGet, "/v2/status", host.ActionSystemDocument, "Tell whether the server carries out calls: 204, else 503", getStatus},
		{http.MethodGet, "/v2/license", host.ActionSystemDocument, "Tell the licence of the program", getLicense},
	}
}

type topology struct {
	Brokers               []broker `json:"brokers"`
	ClusterID             *string  `json:"clusterId"`
	ClusterSize           int      `json:"clusterSize"`
	PartitionsCount       int      `json:"partitionsCount"`
	ReplicationFactor     int      `json:"replicationFactor"`
	GatewayVersion        string   `json:"gatewayVersion"`
	LastCompletedChangeID string   `json:"lastCompletedChangeId"`
	Product               string   `json:"product"`
	ProductVersion        string   `json:"productVersion"`
}

type broker struct {
	NodeID     int         `json:"nodeId"`
	Host       string      `json:"host"`
	Port       int         `json:"port"`
	Partitions []partition `json:"partitions"`
	Version    string      `json:"version"`
}

type partition struct {
	PartitionID int    `json:"partitionId"`
	Role        string `json:"role"`
	Health      string `json:"health"`
}

// getTopology shows one broker with one partition: every node answers for all instances, so clients never
// need to choose. The address is that of the connection.
func getTopology(s *Server, r *request) (*response, error) {
	b := broker{
		Host: r.http.Host, Version: apiVersion,
		Partitions: []partition{{PartitionID: 1, Role: "leader", Health: s.health(r)}},
	}
	if local, ok := r.http.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if name, port, err := net.SplitHostPort(local.String()); err == nil {
			b.Host = name
			b.Port, _ = strconv.Atoi(port) // an address of the system
		}
	}
	return respond(http.StatusOK, topology{
		Brokers: []broker{b}, ClusterID: orNull(s.opts.Origin), ClusterSize: 1, PartitionsCount: 1, ReplicationFactor: 1,
		GatewayVersion: apiVersion, LastCompletedChangeID: "-1", Product: "Tallystick", ProductVersion: s.opts.Build,
	})
}

func (s *Server) health(r *request) string {
	if _, err := s.readiness.ask(r.ctx()); err != nil {
		return "unhealthy"
	}
	return "healthy"
}

func getStatus(s *Server, r *request) (*response, error) {
	if _, err := s.readiness.ask(r.ctx()); err != nil {
		return nil, err
	}
	return done()
}

type license struct {
	ValidLicense bool    `json:"validLicense"`
	LicenseType  string  `json:"licenseType"`
	IsCommercial bool    `json:"isCommercial"`
	ExpiresAt    *string `json:"expiresAt"`
}

func getLicense(*Server, *request) (*response, error) {
	return respond(http.StatusOK, license{ValidLicense: true, LicenseType: "Apache-2.0"})
}
