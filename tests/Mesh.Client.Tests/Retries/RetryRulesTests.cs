using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Mesh.Client.Model;
using Mesh.Client.Retries;

namespace Mesh.Client.Tests.Retries;

public sealed class RetryRulesTests
{
    private static readonly string[] Idempotent = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "get"];
    private static readonly string[] Others = ["POST", "PATCH", "CONNECT", "PROPFIND"];
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, bool> Methods => [.. Idempotent.Select(static m => (m, true)), .. Others.Select(static m => (m, false))];

    [Theory]
    [MemberData(nameof(Methods))]
    public void IsRetryable_EveryFailureOfEveryMethod_FollowsTheTable(string method, bool idempotent)
    {
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            foreach (RetryConditions conditions in (RetryConditions[])[RetryConditions.None, RetryConditions.ConnectFailure, RetryConditions.Reset, RetryConditions.AttemptTimeout, (RetryConditions)7])
            {
                foreach ((bool replayable, bool nonIdempotent) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
                {
                    bool maySendTwice = replayable && (idempotent || nonIdempotent);
                    bool expected = kind switch
                    {
                        // Nothing left this process: whatever the method, and even if the body can be read only once.
                        FailureKind.ConnectFailure => conditions.HasFlag(RetryConditions.ConnectFailure),
                        FailureKind.Reset => maySendTwice && conditions.HasFlag(RetryConditions.Reset),
                        FailureKind.AttemptTimeout => maySendTwice && conditions.HasFlag(RetryConditions.AttemptTimeout),
                        FailureKind.None => maySendTwice,
                        _ => false,
                    };
                    var policy = new RetryPolicy { Conditions = conditions, NonIdempotent = nonIdempotent };
                    using HttpResponseMessage? response = kind is FailureKind.None ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : null;

                    bool actual = IsRetryable(policy, method, response, kind, replayable);

                    Assert.True(expected == actual, $"{method}, {kind}, {conditions}, replayable {replayable}, all methods {nonIdempotent}: expected {expected}");
                }
            }
        }
    }

    [Fact]
    public void IsRetryable_EveryStatusByDefault_IsOneOf502To504()
    {
        for (int status = 100; status < 600; status++)
        {
            using var response = new HttpResponseMessage((HttpStatusCode)status);
            bool expected = status is 502 or 503 or 504;

            Assert.Equal(expected, RetryRules.IsRetryable(new RetryPolicy(), response));
            Assert.Equal(expected, IsRetryable(new RetryPolicy(), "GET", response));
            Assert.False(IsRetryable(new RetryPolicy(), "POST", response));
        }
    }

    [Fact]
    public void IsRetryable_StatusesOfThePolicy_AreThoseAlone()
    {
        var policy = new RetryPolicy { StatusCodes = [429, 500] };
        foreach ((int status, bool expected) in ((int, bool)[])[(429, true), (500, true), (503, false), (200, false)])
        {
            using var response = new HttpResponseMessage((HttpStatusCode)status);
            Assert.Equal(expected, IsRetryable(policy, "GET", response));
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", true)]
    [InlineData("2", false)]
    [InlineData("17", false)]
    [InlineData("0", true)]
    [InlineData("-3", true)]
    [InlineData("many", true)]
    [InlineData("", true)]
    [InlineData("99999999999999999999", true)]
    public void IsRetryable_ReplyThatTheCalleeTriedSeveralTimes_IsNotMultiplied(string? attempts, bool expected)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        if (attempts is not null)
        {
            response.Headers.TryAddWithoutValidation("x-envoy-attempt-count", attempts);
        }

        Assert.Equal(expected, IsRetryable(new RetryPolicy(), "GET", response));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("86400", 86_400)]
    [InlineData("Thu, 01 Jan 2026 12:00:07 GMT", 7)]
    [InlineData("Thu, 01 Jan 2026 12:00:00 GMT", 0)]
    [InlineData("Thu, 01 Jan 2026 11:59:00 GMT", 0)]
    [InlineData("-5", 0)]
    [InlineData("soon", 0)]
    [InlineData("", 0)]
    [InlineData("99999999999999999999", 0)]
    public void RetryAfter_AnyForm_IsTheTimeAskedFor(string header, double seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", header);

        Assert.Equal(seconds, RetryRules.RetryAfter(response, Now).TotalSeconds);
    }

    [Fact]
    public void RetryAfter_NoHeader_IsNoTime()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(TimeSpan.Zero, RetryRules.RetryAfter(response, Now));
    }

    [Fact]
    public void RetryAfter_DateInAnotherZoneOfTheClock_IsComparedInUtc()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", Now.AddSeconds(4).ToString("R", CultureInfo.InvariantCulture));

        Assert.Equal(4, RetryRules.RetryAfter(response, Now.ToOffset(TimeSpan.FromHours(5))).TotalSeconds);
    }

    [Fact]
    public void IsReplayable_ContentHeldInMemory_CanBeSentAgain()
    {
        Assert.True(RetryRules.IsReplayable(null));
        Assert.True(RetryRules.IsReplayable(new ByteArrayContent([1])));
        Assert.True(RetryRules.IsReplayable(new StringContent("a")));
        Assert.True(RetryRules.IsReplayable(new FormUrlEncodedContent([])));
        Assert.True(RetryRules.IsReplayable(new ReadOnlyMemoryContent(new byte[1])));
        Assert.True(RetryRules.IsReplayable(JsonContent.Create(new { A = 1 })));
    }

    [Fact]
    public void IsReplayable_ContentReadOnce_CannotBeSentAgain()
    {
        Assert.False(RetryRules.IsReplayable(new StreamContent(Stream.Null)));
        Assert.False(RetryRules.IsReplayable(new MultipartContent { new StreamContent(Stream.Null) }));
    }

    private static bool IsRetryable(RetryPolicy policy, string method, HttpResponseMessage? response, FailureKind kind = FailureKind.None, bool replayable = true)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/");
        return RetryRules.IsRetryable(policy, request, new AttemptReply(response, response is null ? new HttpRequestException() : null, kind, null), replayable);
    }
}
