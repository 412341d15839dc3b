using FsCheck.Fluent;
using Mesh.Client.Grpc;
using Mesh.Client.Tests.AnyInput;


namespace Mesh.Client.Tests.Grpc;

public sealed class GrpcTimeoutTextTests
{
    [Theory]
    [InlineData("1H", "01:00:00")]
    [InlineData("2M", "00:02:00")]
    [InlineData("30S", "00:00:30")]
    [InlineData("250m", "00:00:00.250")]
    [InlineData("99999999u", "00:01:39.9999990")]
    [InlineData("1n", "00:00:00.0000001")]
    [InlineData("150n", "00:00:00.0000002")]
    [InlineData("0S", "00:00:00")]
    [InlineData("99999999H", "4166666.15:00:00")]
    public void TryParse_WellFormed_IsTheTime(string text, string time)
    {
        Assert.True(GrpcTimeoutText.TryParse(text, out TimeSpan timeout));
        Assert.Equal(time.StartsWith("416", StringComparison.Ordinal) ? TimeSpan.FromHours(99_999_999) : TimeSpan.Parse(time, null), timeout);
    }

    [Fact]
    public void Of_AbsurdlyLong_IsAYear()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/x") { Headers = { { "grpc-timeout", "99999999H" } } };

        Assert.Equal(TimeSpan.FromDays(365), GrpcTimeoutText.Of(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("123456789S")]
    [InlineData("1SS")]
    [InlineData("٣S")]
    public void TryParse_Malformed_IsRefused(string text) => Assert.False(GrpcTimeoutText.TryParse(text, out _));

    [Theory]
    [InlineData("00:00:00", "1n")]
    [InlineData("-00:00:01", "1n")]
    [InlineData("00:00:00.0000001", "1u")]
    [InlineData("00:00:00.2500009", "250000u")]
    [InlineData("00:01:39.9999999", "99999999u")]
    [InlineData("00:01:40", "100000m")]
    [InlineData("1.03:46:40", "100000S")]
    public void Format_Time_IsTheFinestUnitThatHolds(string time, string text) => Assert.Equal(text, GrpcTimeoutText.Format(TimeSpan.Parse(time, null)));

    [Fact]
    public void Format_AnyTime_IsReadBackAsNoMoreThanIt() => ForAny.Check(Gen.Choose(1, int.MaxValue).ToArbitrary(), static seed =>
    {
        TimeSpan time = TimeSpan.FromTicks((long)seed * seed % TimeSpan.FromDays(2000).Ticks) + TimeSpan.FromMicroseconds(1);
        string text = GrpcTimeoutText.Format(time);
        Assert.True(text.Length <= 9);
        Assert.True(GrpcTimeoutText.TryParse(text, out TimeSpan read));
        Assert.InRange(read, (time * 0.9999) - TimeSpan.FromHours(1), time);
    });
}
