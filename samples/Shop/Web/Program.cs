using Shop.Web;

// The face of the shop: it is called from outside, and calls http://orders.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();
builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh => mesh.AddConsul().AddRegistration());
builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("http://orders"));

var app = builder.Build();
string instance = app.Configuration["Mesh:Local:Instance"] ?? "web";
app.MapHealthChecks("/healthz");
app.MapGet("/{id:int}", async (int id, OrdersClient orders, CancellationToken end) => new Page(await orders.GetAsync(id, end), instance));
app.Run();
