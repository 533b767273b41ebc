"""Packs of rules that need nothing but the inventory: exposure, redundancy, ownership, hygiene."""

from collections.abc import Iterator

from analytics import hookimpl
from analytics.model.rules import RulePack

EXPOSURE = """
rules:
- id: data-not-exposed
  title: Databases, caches and brokers are not open to the Internet
  each: {family: [Database, Cache, Broker]}
  must: {exposure: {not: exposed}}
- id: servers-not-exposed
  title: Servers that carry something are not open to the Internet
  each: {kind: server, applications: present}
  must: {exposure: {not: exposed}}
  level: warning
"""
REDUNDANCY = """
rules:
- id: two-servers
  title: Applications of production run on two servers or more
  each: {environment: Prod*, family: Application, servers: present}
  must: {servers: {min: 2}}
  level: warning
- id: survives-a-server
  title: Applications of production survive the loss of any one server
  each: {environment: Prod*}
  survives: any one server
- id: survives-a-zone
  title: Applications of production survive the loss of any one zone
  each: {environment: Prod*}
  survives: any one zone
  level: warning
- id: quorum-stated
  title: Databases and brokers on three servers or more state how many they need
  each: {family: [Database, Broker], servers: {min: 3}}
  must: {needs: present}
  level: note
"""
OWNERSHIP = """
rules:
- id: has-system
  title: Every application belongs to a system
  each: application
  must: {system: present}
- id: has-team
  title: Every application has a team that looks after it
  each: application
  must: {team: present}
  level: warning
- id: client-has-contact
  title: Every client has a contact
  each: client
  must: {contacts: present}
- id: system-serves-somebody
  title: Every system serves somebody
  each: system
  must: {clients: present}
  level: note
"""
HYGIENE = """
rules:
- id: no-system-cycle
  title: Systems do not call each other in a circle
  no cycle between: systems
  level: warning
- id: production-calls-production
  title: What is in production calls nothing of another environment
  from: {environment: Prod*}
  never calls: {environment: {not: Prod*}}
- id: front-to-back
  title: Calls go from the front to the back
  layers:
  - {family: [CDN, Loadbalance, ApiGateway]}
  - {family: [Application, Serverless]}
  - {family: [Database, Cache]}
  level: warning
- id: has-entry
  title: Every system has an entry
  each: system
  must: {entry: present}
  level: note
- id: server-in-use
  title: Every server carries something
  each: server
  must: {applications: present}
  level: note
- id: one-environment
  title: A system is of one environment
  each: system
  same: environment
  level: note
"""


@hookimpl
def analytics_rules() -> Iterator[RulePack]:
    yield RulePack("exposure", "What is open to the Internet", EXPOSURE)
    yield RulePack("redundancy", "What one failure takes away", REDUNDANCY)
    yield RulePack("ownership", "Who looks after what, and for whom", OWNERSHIP)
    yield RulePack("hygiene", "How things are cut and recorded", HYGIENE)
