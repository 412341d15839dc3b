using System.Net;
using System.Net.Sockets;
using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Health;

public sealed class DefaultOutcomeClassifierTests
{
    private static readonly HttpRequestMessage Request = new(HttpMethod.Get, "http://orders/");

    public static TheoryData<Exception, Outcome> Failures => new()
    {
        { new HttpRequestException("reset"), Outcome.Failure },
        { new HttpRequestException(HttpRequestError.ConnectionError), Outcome.Failure },
        { new IOException("reset"), Outcome.Failure },
        { new SocketException((int)SocketError.ConnectionReset), Outcome.Failure },
        { new TimeoutException("the full attempt timeout"), Outcome.Failure },
        { new InvalidOperationException("a content that cannot be serialized"), Outcome.Ignored },
        { new NotSupportedException(), Outcome.Ignored },
        { new ObjectDisposedException("content"), Outcome.Ignored },
    };

    [Fact]
    public void Classify_EveryStatus_FollowsTheRules()
    {
        for (int status = 100; status < 600; status++)
        {
            Outcome expected = status switch
            {
                429 => Outcome.Overloaded,
                501 => Outcome.Success,
                >= 500 => Outcome.Failure,
                _ => Outcome.Success,
            };

            Assert.True(expected == Classify(status), $"{status}: expected {expected}, got {Classify(status)}");
        }
    }

    [Fact]
    public void Classify_429OfAShare_SaysNothingOfTheEndpoint()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "x-envoy-ratelimited", "true" }, { "retry-after", "5" } } };

        Assert.Equal(Outcome.Ignored, new DefaultOutcomeClassifier().Classify(Request, response, null));
    }

    [Theory]
    [InlineData("120")]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT")]
    [InlineData("nonsense")]
    public void Classify_503WithRetryAfter_IsOverloaded(string retryAfter)
    {
        Assert.Equal(Outcome.Overloaded, Classify(503, retryAfter));
        Assert.Equal(Outcome.Failure, Classify(502, retryAfter));
        Assert.Equal(Outcome.Success, Classify(404, retryAfter));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Classify_AnException_BlamesTheEndpointOnlyForTheNetworkAndTheClock(Exception exception, Outcome expected) =>
        Assert.Equal(expected, new DefaultOutcomeClassifier().Classify(Request, null, exception));

    private static Outcome Classify(int status, string? retryAfter = null)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        if (retryAfter is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        }

        return new DefaultOutcomeClassifier().Classify(Request, response, null);
    }
}
