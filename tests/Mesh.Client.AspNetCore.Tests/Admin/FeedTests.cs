using System.Net;
using System.Text.Json;
using Mesh.Client.AspNetCore.Admin.Feed;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.AspNetCore.Tests.Admin;

public sealed class FeedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_FromTheBeginning_TellsServicesEventsAndFigures()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        await using var stream = await EventStream.OpenAsync(app);

        JsonElement orders = await stream.NextAsync("service");
        Assert.Equal(("orders", 2), (orders.GetProperty("id").GetString(), orders.GetProperty("endpoints").GetArrayLength()));
        Assert.Equal(2000, (await stream.NextAsync("happened")).GetProperty("id").GetInt32());
        JsonElement live = await stream.NextAsync("live");
        Assert.Equal(("orders", 2), (live.GetProperty("services")[0].GetProperty("id").GetString(), live.GetProperty("services")[0].GetProperty("endpoints").GetArrayLength()));
    }

    [Fact]
    public async Task Stream_AnEndpointIsIsolated_IsToldBeforeTheNextLookIsDue()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");

        app.Status.Isolate("orders", "10.0.0.2:80");
        app.Clock.Advance(AdminFeed.Pause);

        JsonElement orders = await stream.NextAsync("service");
        Assert.Equal("isolated", orders.GetProperty("endpoints")[1].GetProperty("condition").GetString());
        Assert.Equal(2022, (await stream.NextAsync("happened")).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Stream_NothingChanges_SendsFiguresOnlyAndMeasuresOn()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80");
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");
        for (int i = 0; i < 90; i++)
        {
            await app.Clock.AdvanceUntilAsync(() => stream.Count("live") > i + 1, AdminFeed.Pause, TimeSpan.FromMinutes(10), Token);
        }

        Assert.Equal(1, stream.Count("service"));
        Assert.NotNull(app.Status.GetServices()[0].Traffic);
    }

    [Fact]
    public async Task Stream_AServiceLeaves_SaysThatItIsGone()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80");
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");

        await app.Clock.AdvanceUntilAsync(() => stream.Count("gone") > 0, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(60), Token);

        Assert.Equal("orders", (await stream.NextAsync("gone")).GetString());
    }

    [Fact]
    public async Task Stream_MoreReadersThanThereIsRoomFor_AreTurnedAwayUntilOneLeaves()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        List<EventStream> open = [];
        for (int i = 0; i < AdminFeed.MostReaders; i++)
        {
            open.Add(await EventStream.OpenAsync(app));
        }

        using (HttpResponseMessage refused = await app.Client.GetAsync(new Uri("/mesh/api/stream", UriKind.Relative), Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        foreach (EventStream stream in open)
        {
            await stream.DisposeAsync();
        }

        await Until.HoldsAsync(() =>
        {
            using HttpRequestMessage head = new(HttpMethod.Get, new Uri("/mesh/api/stream", UriKind.Relative));
            using HttpResponseMessage response = app.Client.SendAsync(head, HttpCompletionOption.ResponseHeadersRead, Token).GetAwaiter().GetResult();
            return response.StatusCode == HttpStatusCode.OK;
        });
    }

    [Fact]
    public async Task Stream_TheApplicationStops_EndsAtOnce()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");

        await app.App.StopAsync(Token).WaitAsync(TimeSpan.FromSeconds(5), Token);

        await Until.HoldsAsync(() => stream.HasEnded);
    }

    [Fact]
    public async Task Stream_WithLastEventId_GoesOnFromThere()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80");
        app.Status.Isolate("orders", "10.0.0.1:80");
        long first = app.Status.GetEvents()[0].Number;
        app.Client.DefaultRequestHeaders.Add("Last-Event-ID", $"{first}");
        await using var stream = await EventStream.OpenAsync(app);

        Assert.Equal(2022, (await stream.NextAsync("happened")).GetProperty("id").GetInt32());
    }
}
