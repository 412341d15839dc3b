using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Mesh.Client.AspNetCore.Admin.Feed;
using Mesh.Client.Services;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

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
            await FrameByFrameAsync(app, stream, AdminFeed.Pause, () => stream.Count("live") > i + 1);
        }

        Assert.Equal(1, stream.Count("service"));
        Assert.NotNull(app.Status.GetServices()[0].Traffic);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 3)]
    [InlineData(7, 1, 3)]
    public async Task Stream_BrokenOff_GoesOnAfterTheLastEventOfThisProcess(int otherProcess, int missed, int told)
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80", "10.0.0.2:80");
        app.Status.Isolate("orders", "10.0.0.1:80");
        app.Status.Release("orders", "10.0.0.1:80");
        long began = app.Clock.GetUtcNow().ToUnixTimeMilliseconds() + otherProcess;
        long last = app.Status.GetEvents()[^1].Number;
        app.Client.DefaultRequestHeaders.TryAddWithoutValidation("Last-Event-ID", missed == 0 ? "x" : $"{began}.{last - missed}");

        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");

        Assert.Equal(told, stream.Count("happened"));
    }

    [Fact]
    public async Task Stream_AServiceLeaves_SaysThatItIsGone()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync("10.0.0.1:80");
        app.Clock.Advance(MeshServices.IdleTime - TimeSpan.FromSeconds(1));
        await using var stream = await EventStream.OpenAsync(app);
        await stream.NextAsync("live");

        await FrameByFrameAsync(app, stream, FeedReader.Patience / 10, () => stream.Count("gone") > 0);

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
    public async Task Stream_AReaderThatTakesNothing_IsLetGo()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        await app.UseAsync([.. Enumerable.Range(0, 3000).Select(static i => $"10.0.{i / 250}.{i % 250}:80")]);
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, app.Address.Port, Token);
        await slow.GetStream().WriteAsync("GET /mesh/api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Token);
        await using var quick = await EventStream.OpenAsync(app);
        await quick.NextAsync("live");
        bool on = false;
        for (int i = 0; i < 12; i++)
        {
            on = !on;
            int known = quick.Count("service");
            _ = on ? app.Status.Isolate("orders", "10.0.0.0:80") : app.Status.Release("orders", "10.0.0.0:80");
            await FrameByFrameAsync(app, quick, AdminFeed.Pause, () => quick.Count("service") > known);
        }

        DateTimeOffset full = app.Clock.GetUtcNow();
        await SlowlyUntilAsync(app, AdminFeed.Pause, () => app.Clock.GetUtcNow() > full + FeedReader.Patience + AdminFeed.Interval);

        byte[] buffer = new byte[1 << 20];
        try
        {
            while (await slow.GetStream().ReadAsync(buffer, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: it was let go in the middle.
        }
    }

    [Fact]
    public async Task Stream_TheMeshCannotBeLookedAt_BeatsItsHeart()
    {
        await using AdminApp app = await AdminApp.StartAsync(services: static s => s.AddSingleton<IMeshStatus>(new ThrowingStatus()));
        using HttpResponseMessage response = await app.Client.GetAsync(new Uri("/mesh/api/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Task<string?> line = reader.ReadLineAsync(Token).AsTask();

        await SlowlyUntilAsync(app, TimeSpan.FromSeconds(4), () => line.IsCompleted);

        Assert.Equal(": still here", await line);
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

    // The clock goes no faster than real sockets do, or the reader would be let go for a frame that is still on its way: it takes half of the patience at once, and the rest slowly.
    private static async Task FrameByFrameAsync(AdminApp app, EventStream stream, TimeSpan step, Func<bool> condition)
    {
        int atOnce = (int)(FeedReader.Patience / 2 / step);
        int steps = 0;
        int polls = 0;
        int frames = stream.Count("live");
        await Until.HoldsAsync(() =>
        {
            Assert.False(stream.HasEnded, "The stream has ended.");
            if (stream.Count("live") is var now && now > frames)
            {
                (frames, steps) = (now, 0);
            }

            if (++polls >= (steps < atOnce ? 3 : 200))
            {
                polls = 0;
                steps++;
                app.Clock.Advance(step);
            }

            return condition();
        });
    }

    // The clock goes no faster than real sockets do.
    private static async Task SlowlyUntilAsync(AdminApp app, TimeSpan step, Func<bool> condition)
    {
        int polls = 0;
        await Until.HoldsAsync(() =>
        {
            if (++polls % 15 == 0)
            {
                app.Clock.Advance(step);
            }

            return condition();
        });
    }
}
