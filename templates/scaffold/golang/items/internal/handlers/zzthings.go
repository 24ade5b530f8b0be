package handlers

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/zz-project/internal/services"
)

// RegisterZzthings adds GET and POST /api/zzthings.
func RegisterZzthings(router *gin.Engine, service *services.Zzthings) {
	router.GET("/api/zzthings", func(c *gin.Context) {
		all, err := service.List(c.Request.Context())
		if err != nil {
			panic(err)
		}
		c.JSON(http.StatusOK, all)
	})

	router.POST("/api/zzthings", func(c *gin.Context) {
		var body struct {
			Name string `json:"name"`
		}
		if err := c.ShouldBindJSON(&body); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": "the body must be JSON like {\"name\": \"…\"}"})
			return
		}
		created, err := service.Create(c.Request.Context(), body.Name)
		switch {
		case errors.Is(err, services.ErrNameMissing):
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		case err != nil:
			panic(err)
		default:
			c.JSON(http.StatusCreated, created)
		}
	})
}
