"""A client in another language: made from the protos alone, it imports a sheet, watches a run, reads
proposals page by page, and is told every field of a bad flow at once.

usage: python client.py [path of boucle]
"""

import pathlib
import sys
import tempfile
import unittest

import grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from service import ZONES, Service, generate_stubs

STUBS = tempfile.TemporaryDirectory()
generate_stubs(pathlib.Path(STUBS.name))

from boucle.v1 import (  # noqa: E402  (the stubs are generated above)
    declaration_service_pb2,
    declaration_service_pb2_grpc,
    flow_pb2,
    reference_service_pb2,
    reference_service_pb2_grpc,
    run_pb2,
    run_service_pb2,
    run_service_pb2_grpc,
    territory_service_pb2,
    territory_service_pb2_grpc,
    zone_pb2,
)

TERRITORY = "kalundborg"
ZONE = "park"
PAGE = 3
CHUNK = 64 * 1024
PATIENCE = 300


def imported(stub, path, zone=ZONE, dry_run=False):
    """Sends a sheet in chunks."""

    def messages():
        header = declaration_service_pb2.ImportHeader(
            territory=TERRITORY,
            zone=zone,
            file_name=path.name,
            mode=declaration_service_pb2.IMPORT_MODE_REPLACE,
            dry_run=dry_run,
        )
        yield declaration_service_pb2.ImportDeclarationsRequest(header=header)
        content = path.read_bytes()
        for at in range(0, len(content), CHUNK):
            yield declaration_service_pb2.ImportDeclarationsRequest(chunk=content[at : at + CHUNK])

    return stub.ImportDeclarations(messages(), timeout=PATIENCE)


def details(error, kind):
    """The detail of one kind of a rich error."""
    status = rpc_status.from_call(error)
    for packed in status.details if status else []:
        if packed.Is(kind.DESCRIPTOR):
            found = kind()
            packed.Unpack(found)
            return found
    return None


class WholeWay(unittest.TestCase):
    """The promises of the service to a client it has never seen."""

    @classmethod
    def setUpClass(cls):
        cls.service = Service().__enter__()
        cls.addClassCleanup(cls.service.__exit__)
        cls.channel = grpc.insecure_channel(cls.service.address)
        cls.addClassCleanup(cls.channel.close)
        grpc.channel_ready_future(cls.channel).result(timeout=30)
        cls.territories = territory_service_pb2_grpc.TerritoryServiceStub(cls.channel)
        cls.declarations = declaration_service_pb2_grpc.DeclarationServiceStub(cls.channel)
        cls.runs = run_service_pb2_grpc.RunServiceStub(cls.channel)
        cls.territories.CreateTerritory(
            territory_service_pb2.CreateTerritoryRequest(
                territory=zone_pb2.Territory(id=TERRITORY, name="Kalundborg"), allow_existing=True
            )
        )
        cls.territories.CreateZone(
            territory_service_pb2.CreateZoneRequest(
                zone=zone_pb2.Zone(id=ZONE, territory=TERRITORY, name="Park"), allow_existing=True
            )
        )
        cls.report = imported(cls.declarations, ZONES / "kalundborg" / "flows.csv")

    def test_the_sheet_is_written_and_says_what_it_added(self):
        self.assertTrue(self.report.applied, self.report.findings)
        self.assertGreater(self.report.flows, 0)
        self.assertEqual(len(self.report.changes), self.report.flows)

    def test_the_same_sheet_again_changes_nothing(self):
        again = imported(self.declarations, ZONES / "kalundborg" / "flows.csv", dry_run=True)
        self.assertFalse(again.applied)
        self.assertEqual(list(again.changes), [])
        self.assertEqual(again.unchanged, self.report.flows)

    def test_a_run_is_watched_to_its_end_and_read_page_by_page(self):
        run = self.runs.CreateRun(run_service_pb2.CreateRunRequest(territory=TERRITORY, zones=[ZONE]))
        watch = run_service_pb2.WatchRunRequest(territory=TERRITORY, run=run.id)
        states = list(self.runs.WatchRun(watch, timeout=PATIENCE))
        sequences = [state.sequence for state in states]
        self.assertEqual(sequences, sorted(set(sequences)))
        last = states[-1].run
        self.assertEqual(last.state, run_pb2.RUN_STATE_SUCCEEDED, last.failure.text.en)
        self.assertEqual([plan.kind for plan in last.plans], [run_pb2.PLAN_KIND_FIRM, run_pb2.PLAN_KIND_PROSPECTIVE])
        for plan in last.plans:
            self.assertEqual(plan.relative_gap, 0.0)
            self.assertLessEqual(plan.cost.milli_euros, plan.cost_today.milli_euros)

        proposals, token, pages = [], "", 0
        while True:
            page = self.runs.ListProposals(
                run_service_pb2.ListProposalsRequest(
                    territory=TERRITORY, run=run.id, page_size=PAGE, page_token=token
                )
            )
            self.assertLessEqual(len(page.proposals), PAGE)
            proposals += page.proposals
            pages += 1
            token = page.next_page_token
            if not token:
                break
        self.assertGreater(pages, 1)
        ranks = [proposal.rank for proposal in proposals]
        self.assertEqual(ranks, list(range(1, len(proposals) + 1)))
        for proposal in proposals:
            self.assertTrue(proposal.summary.fr and proposal.summary.en)
            self.assertTrue(proposal.giver.firm_name and proposal.taker.firm_name)
            self.assertGreater(proposal.sent.value, 0)

        alone = self.runs.GetProposal(
            run_service_pb2.GetProposalRequest(territory=TERRITORY, run=run.id, pair=proposals[0].pair)
        )
        self.assertEqual(alone, proposals[0])

        with self.assertRaises(grpc.RpcError) as refused:
            self.runs.ListProposals(
                run_service_pb2.ListProposalsRequest(territory=TERRITORY, run=run.id, page_token="invented")
            )
        self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual(details(refused.exception, error_details_pb2.ErrorInfo).reason, "PAGE_TOKEN")

    def test_a_bad_flow_is_told_with_every_field_at_once(self):
        sites = self.declarations.ListSites(
            declaration_service_pb2.ListSitesRequest(territory=TERRITORY, page_size=1)
        )
        flow = flow_pb2.Flow(
            key=flow_pb2.FlowKey(
                site=sites.sites[0].key, direction=flow_pb2.DIRECTION_OUTPUT, reference="bad (invented)"
            ),
            name="gypsum",
            quantity="twelve",
            unit="furlongs",
            period="fortnight",
            waste_code="99 99 99 99",
        )
        with self.assertRaises(grpc.RpcError) as refused:
            self.declarations.CreateFlow(
                declaration_service_pb2.CreateFlowRequest(territory=TERRITORY, flow=flow),
                metadata=[("accept-language", "en")],
            )
        error = refused.exception
        self.assertEqual(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
        fields = {violation.field for violation in details(error, error_details_pb2.BadRequest).field_violations}
        expected = {"flow.quantity", "flow.unit", "flow.period", "flow.waste_code"}
        self.assertTrue(expected <= fields, f"{expected - fields} missing from {fields}")
        self.assertEqual(details(error, error_details_pb2.ErrorInfo).reason, "INVALID_FIELDS")
        self.assertEqual(details(error, error_details_pb2.ErrorInfo).domain, "boucle")
        self.assertEqual(details(error, error_details_pb2.LocalizedMessage).locale, "en")

    def test_what_is_not_there_is_not_found(self):
        with self.assertRaises(grpc.RpcError) as refused:
            self.runs.GetRun(run_service_pb2.GetRunRequest(territory=TERRITORY, run="none"))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_health_answers_for_every_service(self):
        health = health_pb2_grpc.HealthStub(self.channel)
        for name in ["", "TerritoryService", "DeclarationService", "RunService", "ReferenceService"]:
            service = f"boucle.v1.{name}" if name else ""
            answer = health.Check(health_pb2.HealthCheckRequest(service=service))
            self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING, service)

    def test_reflection_describes_every_service(self):
        services = set(ProtoReflectionDescriptorDatabase(self.channel).get_services())
        for name in ["TerritoryService", "DeclarationService", "RunService", "ReferenceService"]:
            self.assertIn(f"boucle.v1.{name}", services)

    def test_the_catalogue_says_what_answers(self):
        reference = reference_service_pb2_grpc.ReferenceServiceStub(self.channel)
        info = reference.GetServerInfo(reference_service_pb2.GetServerInfoRequest())
        self.assertEqual(len(info.knowledge_version), 64)
        self.assertEqual(info.role, "animator")


if __name__ == "__main__":
    # unittest reads the arguments itself: ours is for `program`.
    outcome = unittest.main(argv=sys.argv[:1], exit=False).result
    STUBS.cleanup()
    sys.exit(not outcome.wasSuccessful())
