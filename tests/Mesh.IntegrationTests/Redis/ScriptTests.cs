using Mesh.Client.Limits.Quotas;
using Mesh.Client.Redis;
using Mesh.Client.Tests.Limits.Quotas;
using Mesh.IntegrationTests.Redis.Servers;
using Mesh.IntegrationTests.Wire;
using StackExchange.Redis;

namespace Mesh.IntegrationTests.Redis;

/// <summary>The script does what the model of the simulation does, and nothing that stands in Redis upsets it.</summary>
[Collection(typeof(OnTheWire))]
public sealed class ScriptTests(ITestOutputHelper output)
{
    private const string Clock = "local now = tonumber(time[1]) * 1000000 + tonumber(time[2])";

    private static readonly bool s_long = Environment.GetEnvironmentVariable("MESH_LONG") == "1";

    [Fact]
    public async Task Script_BesideTheModel_AnswersTheSame()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexerOwner owner = new(redis.Address);
        IDatabase database = owner.Multiplexer.GetDatabase();
        Assert.Contains(Clock, TakeScript.Text, StringComparison.Ordinal);
        string script = TakeScript.Text.Replace(Clock, "local now = tonumber(ARGV[10])", StringComparison.Ordinal);
        var random = new Random(11);
        int compared = 0;
        for (int run = 0; run < (s_long ? 400 : 40); run++)
        {
            long now = 1_700_000_000_000_000;
            var model = new ModelStore(() => now);
            long permits = random.Next(1, 2000);
            long[] sequences = new long[random.Next(1, 12)];
            QuotaGrant? last = null;
            for (int trip = 0; trip < 150; trip++)
            {
                now += random.Next(20) == 0 ? random.Next(-3_000_000, 3_000_000) : random.Next(0, 60_000);
                int process = random.Next(sequences.Length);
                var request = new QuotaRequest("q", $"{run}", permits, TimeSpan.FromSeconds(1), $"p{process}")
                {
                    Sequence = random.Next(30) == 0 ? sequences[process] : ++sequences[process],
                    Wanted = random.Next(4) == 0 ? 0 : random.Next(0, (int)permits + 2),
                    Demand = random.Next(4) == 0 ? 0 : random.Next(0, (int)permits + 2),
                    WindowId = last?.WindowId ?? 0,
                    Returned = random.Next(3) == 0 ? random.Next(0, (int)permits) : 0,
                    Spent = random.Next(8) == 0 ? random.Next(0, (int)permits) : 0,
                };
                QuotaGrant expected = model.Take(request);
                RedisResult reply = await database.ScriptEvaluateAsync(script, [TakeScript.Key("t:", request)], [.. TakeScript.Arguments(request), now]);

                last = TakeScript.Grant(reply);
                Assert.Equal(expected, last);
                compared++;
            }
        }

        output.WriteLine($"{compared} trips compared");
    }

    [Theory]
    [InlineData("SET", "text")]
    [InlineData("LPUSH", "a")]
    [InlineData("SADD", "a")]
    [InlineData("HMSET", "id", "nonsense", "start", "nonsense", "granted", "-5")]
    [InlineData("HMSET", "id", "1", "start", "1e300", "granted", "nan")]
    [InlineData("HMSET", "id", "-1", "start", "-1", "granted", "1e300", "reserved", "-1e300", "members", "inf", "p:p", "1 2 3")]
    [InlineData("HMSET", "id", "99", "start", "99", "granted", "inf", "p:p", "99 99999999999999999999 1 1 1 1")]
    public async Task Script_WhateverStandsAtTheKey_GrantsWithinAWindow(params string[] command)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexerOwner owner = new(redis.Address);
        IDatabase database = owner.Multiplexer.GetDatabase();
        var request = new QuotaRequest("q", "", 10, TimeSpan.FromMilliseconds(200), "p") { Sequence = 1, Wanted = 10 };
        RedisKey key = TakeScript.Key("t:", request);
        await redis.SendAsync($"{command[0]} {key} {string.Join(' ', command[1..])}");

        long granted = 0;
        for (int i = 0; i < 10 && granted < 10; i++)
        {
            QuotaGrant grant = TakeScript.Grant(await database.ScriptEvaluateAsync(TakeScript.Text, [key], TakeScript.Arguments(request with { Sequence = i + 1 })));
            Assert.InRange(grant.Permits, 0, 10);
            Assert.InRange(grant.WindowLeft, TimeSpan.FromTicks(1), request.Window);
            granted += grant.Permits;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(10, granted);
        Assert.StartsWith(":", await redis.SendAsync($"PTTL {key}"), StringComparison.Ordinal);
        Assert.NotEqual(":-1", await redis.SendAsync($"PTTL {key}"));
    }
}
