using System.Diagnostics.Metrics;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Routing;

public sealed class RouteGaugesTests
{
    [Fact]
    public async Task Collect_AfterFaultsAndCopies_TellsTheirNumberByRouteAndResult()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Routes.Add(new RouteRuleOptions { Name = "never" }));
        using ScriptedMesh faulty = RoutedMesh.Faulty(static f => f.AbortPercent = 100);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage copied = await mesh.Client.GetAsync(new Uri("http://orders/x"), TestContext.Current.CancellationToken);
            using HttpResponseMessage failed = await faulty.Client.GetAsync(new Uri("http://orders/x"), TestContext.Current.CancellationToken);
        }

        await mesh.CopiesEndAsync();

        Assert.Equal(["mesh.client.mirrors 3 orders r sent"], Collect(mesh));
        Assert.Equal(["mesh.client.faults 3 orders r abort"], Collect(faulty));
    }

    private static List<string> Collect(ScriptedMesh mesh)
    {
        List<string> seen = [];
        Meter meter = mesh.Services.Engine.Metrics.Meter;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) && instrument.Name is "mesh.client.faults" or "mesh.client.mirrors")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                seen.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(static t => t.Value))}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
